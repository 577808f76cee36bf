"""Firms of the demo: names, places, trades, figures that agree with the law of their country."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from matchmaker.demo import draw, library
from matchmaker.demo.library import Place
from matchmaker.demo.parties import DOMAIN, Party, Scene, Temper, organisation_row, telephone
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.profile_steps import STEPS
from matchmaker.vocabulary import sectors, sizes
from matchmaker.vocabulary.readiness import DIMENSIONS

#: Firms a country, of a hundred.
SHARES = {"LA": 47, "KH": 15, "TH": 12, "VN": 13, "MM": 8, "CN": 5}
#: (share, staff from, staff to): most firms are very small.
STAFF = ((55, 1, 5), (33, 6, 38), (10, 52, 95), (2, 110, 180))
LEGAL = {
    "micro": ("household", "sole_trader", "farmer_group", "unregistered"),
    "small": ("sole_trader", "sole_limited", "partnership", "cooperative", "limited"),
    "medium": ("limited", "sole_limited", "partnership", "social_enterprise"),
    "large": ("limited", "public"),
}
#: Sectors that carry their season abroad.
EXPORTERS = frozenset(
    {"COFFEE_GROWING", "COFFEE_ROASTING", "FOOD", "WEAVING", "HANDICRAFT", "FRUIT", "RICE_MILLING"}
    | {"CASSAVA_RUBBER", "HERBS_COSMETICS", "FURNITURE", "FOREST_PRODUCTS"}
)
FOOD_MAKERS = frozenset({"FOOD", "BAKERY", "DRINKS", "COFFEE_ROASTING", "RICE_MILLING"})
GROWERS = frozenset({"COFFEE_GROWING", "FRUIT", "VEGETABLES", "RICE_FARMING", "FISH", "LIVESTOCK"})
NEIGHBOUR = {"LA": "TH", "KH": "VN", "TH": "LA", "VN": "CN", "MM": "TH", "CN": "LA"}
#: A firm that seldom looks at its requests, and one that does.
SLOW, BRISK = Temper(0.45, 110, -2), Temper(0.8, 30, 6)


def make_firm(scene: Scene, place: Place, sector: str, name: tuple[str, str]) -> Party:
    country = place.country
    lang = library.LANGUAGE_OF[country]
    row = organisation_row(
        scene,
        is_firm=True,
        country=country,
        currency=library.CURRENCY_OF[country],
        province=place.province,
        district=scene.rng.choice(place.districts),
        plain_sector=sector,
        sector=sectors.isic_of(sector),
        **_names(lang, sector, name),
        **_figures(scene, country, sector),
        **_people(scene),
        **_sales(scene, country, sector),
        **_dates(scene),
    )
    row["legal_form"] = scene.rng.choice(LEGAL[row["size_class"] or "small"])
    row["languages"] = [lang, *(["en"] if draw.chance(scene.rng, 0.35) else [])]
    row["steps_done"] = list(STEPS)
    _contact(scene, row, name[1])
    row = scene.sheet.add(Organisation, **row)
    return Party(row, lang, BRISK if draw.chance(scene.rng, 0.6) else SLOW)


def places_of(country: str) -> tuple[Sequence[Place], Sequence[int]]:
    found = [place for place in library.place_list() if place.country == country]
    return found, [place.weight for place in found]


def _names(lang: str, sector: str, name: tuple[str, str]) -> Row:
    """A trade stands before the name, but in Burmese and Chinese after it."""
    trade = library.trades()[sector]
    own, latin = name
    full = f"{own}{trade[lang]}" if lang == "zh" else f"{trade[lang]} {own}"
    full = f"{own} {trade[lang]}" if lang == "my" else full
    return {"name": full, "name_lang": lang, "name_latin": f"{latin} {trade['en']}"}


def _figures(scene: Scene, country: str, sector: str) -> Row:
    rng = scene.rng
    _, low, high = rng.choices(STAFF, [share for share, _, _ in STAFF])[0]
    staff = rng.randint(low, high)
    if staff > 30:
        staff = round(staff, -1)
    usd = draw.round_figures(staff * rng.choice((2000, 3000, 4500, 7000)))
    currency = library.CURRENCY_OF[country]
    turnover = draw.in_currency(usd, currency)
    capital = draw.in_currency(draw.round_figures(usd * rng.choice((0.3, 0.6, 1.0))), currency)
    said = draw.chance(rng, 0.85)
    figures = (staff, turnover if said else None, capital if said else None)
    found = _size(country, sectors.isic_of(sector) or "", *figures, currency)
    age = min(int(rng.expovariate(1 / 7)), 40)
    return {
        "staff": staff,
        "turnover_minor": figures[1],
        "capital_minor": figures[2],
        "size_class": found[0],
        "size_rule": found[1],
        "founded_year": scene.now.year - age,
        "stage": _stage(age),
    }


@lru_cache(maxsize=65536)
def _size(
    country: str,
    sector: str,
    staff: int,
    turnover: int | None,
    capital: int | None,
    currency: str,
) -> tuple[str, str]:
    found = sizes.size_class(country, sector or None, staff, turnover, capital, currency)
    return found.code or "", found.rule or ""


def _stage(age: int) -> str:
    return "startup" if age < 2 else "early" if age < 4 else "growth" if age < 13 else "mature"


def _people(scene: Scene) -> Row:
    rng = scene.rng
    share = rng.choice((0, 0, 0, 30, 50, 50, 51, 60, 100, 100, 100, None))
    ownership = ["local_majority"] if draw.chance(rng, 0.7) else []
    if share is not None and share > 50:
        ownership += ["women_owned", "women_led"]
    others = ("family", "youth_led", "ethnic_minority", "women_workforce", "cooperative_members")
    ownership += draw.some(rng, others, 0.15)
    return {
        "women_share": share,
        "women_decide": None if share is None else share >= 50 or draw.chance(rng, 0.2),
        "ownership": ownership,
    }


def _sales(scene: Scene, country: str, sector: str) -> Row:
    rng = scene.rng
    exports = sector in EXPORTERS and draw.chance(rng, 0.35)
    certificates = draw.some(rng, ("odop", "geographical_indication", "handmade"), 0.06)
    if sector in FOOD_MAKERS:
        certificates += draw.some(rng, ("food_registration", "gmp", "haccp", "halal"), 0.2)
    if sector in GROWERS:
        certificates += draw.some(rng, ("gap", "organic", "fair_trade"), 0.18)
    return {
        "exports": exports if draw.chance(rng, 0.9) else None,
        "export_share": rng.choice((10, 20, 40, 60, 80)) if exports else None,
        "export_countries": [NEIGHBOUR[country]] if exports else [],
        "certificates": certificates,
        **_readiness(scene),
    }


def _readiness(scene: Scene) -> Row:
    if draw.chance(scene.rng, 0.4):
        return {"readiness_answers": {}, "readiness": None}
    answers = {
        code: scene.rng.choices((0, 1, 2, 3), (35, 40, 20, 5))[0] for code in DIMENSIONS.codes()
    }
    score = round(100 * sum(answers.values()) / (3 * len(answers)))
    return {"readiness_answers": answers, "readiness": score}


def _dates(scene: Scene) -> Row:
    """Joined some time in the past year and a bit; last here within the last weeks, mostly."""
    joined = scene.now - draw.days(scene.rng, 20, 400)
    here = scene.now - draw.days(scene.rng, 0.2, 45 if draw.chance(scene.rng, 0.8) else 160)
    return {
        "created_at": joined,
        "submitted_at": joined + timedelta(hours=5),
        "published_at": joined + timedelta(days=2),
        "last_active_at": max(here, joined + timedelta(days=2)),
        "updated_at": joined + timedelta(days=2),
    }


def _contact(scene: Scene, row: dict[str, Any], latin: str) -> None:
    country, lang = row["country"], row["name_lang"]
    person, _ = scene.rng.choice(library.persons(country))
    handle = "".join(letter for letter in latin.lower() if letter.isascii() and letter.isalpha())
    row["contact_name"] = person
    row["contact_telephone"] = telephone(scene, country)
    row["contact_email"] = f"{handle}@{DOMAIN}" if draw.chance(scene.rng, 0.6) else ""
    own = next(each.own for each in library.place_list() if each.province == row["province"])
    row["contact_address"] = f"{row['district']}, {own}"
    row["show_name"] = draw.chance(scene.rng, 0.55)
    if draw.chance(scene.rng, 0.7):
        about = scene.rng.choice(library.sentences("about_firm", lang))
        row["about"] = fill(about, row, lang)
        row["about_lang"] = lang if about in library.sentences("about_firm", lang) else "en"


def fill(text: str, row: Row, lang: str) -> str:
    """Put the firm's own figures into a wording, in the digits people of the language write."""
    years = max(row["created_at"].year - (row["founded_year"] or row["created_at"].year), 2)
    filled = text.format(
        place=library.place_words(row["province"], lang), staff=row["staff"], years=years
    )
    return filled.translate(DIGITS[lang]) if lang in DIGITS else filled


DIGITS = {
    "my": str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉"),
    "km": str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"),
}
