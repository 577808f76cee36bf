"""Funders and providers of the demo, their offers, rules and tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from matchmaker.demo import draw, library
from matchmaker.demo.library import Offerer, Words
from matchmaker.demo.listings import Listing, dates
from matchmaker.demo.parties import DOMAIN, Party, Scene, Temper, organisation_row, telephone
from matchmaker.demo.sheet import Row
from matchmaker.language.keys import search_key
from matchmaker.organisations.models import (
    Criterion,
    CriterionSource,
    Kind,
    Offer,
    Operator,
    Organisation,
)
from matchmaker.organisations.offer_steps import STEPS
from matchmaker.organisations.profile_steps import STEPS as PROFILE_STEPS
from matchmaker.organisations.services.criteria import amount_criterion
from matchmaker.vocabulary import rates

SECTORS = {"funder": "6499", "provider": "6201", "introducer": "9411"}
#: Banks take their time, shops of digital tools answer the same day, some never do.
TEMPERS = {
    "bank": Temper(0.72, 70, -6),
    "mfi": Temper(0.9, 18, 8),
    "fund": Temper(0.78, 96, -2),
    "grant": Temper(0.82, 120, -4),
    "lease": Temper(0.88, 26, 6),
    "impact": Temper(0.66, 90, -12),
    "crowd": Temper(0.8, 40, 0),
    "fintech": Temper(0.92, 6, 2),
}
PROVIDER, SILENT = Temper(0.88, 14, 8), Temper(0.08, 200, 0)
SILENT_SHARE = 0.1
#: Plain funders that serve some provinces only.
LOCAL = frozenset({"mfi"})


def make_offerer(scene: Scene, offerer: Offerer, role: str, province: str) -> Party:
    country = province[:2]
    joined = scene.now - draw.days(scene.rng, 380, 420)
    temper = TEMPERS.get(offerer.kind, PROVIDER)
    if draw.chance(scene.rng, SILENT_SHARE):
        temper = SILENT
    spoken = list(dict.fromkeys((library.LANGUAGE_OF[country], offerer.lang, "en")))
    row = organisation_row(
        scene,
        **{f"is_{role}": True},
        country=country,
        currency=library.CURRENCY_OF[country],
        province=province,
        name=offerer.own,
        name_lang=_language_of_name(offerer),
        name_latin=offerer.latin,
        sector=SECTORS[role],
        languages=spoken,
        about=scene.rng.choice(library.sentences(f"about_{role}", offerer.lang))
        if role != "introducer"
        else "",
        about_lang=offerer.lang,
        founded_year=scene.now.year - scene.rng.randint(2, 24),
        staff=scene.rng.choice((4, 8, 15, 30, 60, 90)),
        steps_done=[key for key, step in PROFILE_STEPS.items() if not step.firms_only],
        **_reach(scene, offerer, country),
        **_joined(scene, joined, temper),
    )
    return Party(scene.sheet.add(Organisation, **row), offerer.lang, temper)


def _language_of_name(offerer: Offerer) -> str:
    if offerer.own == offerer.latin or offerer.country == "*":
        return "en"
    return library.LANGUAGE_OF[offerer.country]


def _reach(scene: Scene, offerer: Offerer, country: str) -> Row:
    handle = "".join(c for c in offerer.latin.lower() if c.isascii() and c.isalpha())[:30]
    return {
        "contact_name": scene.rng.choice(library.persons(country))[0],
        "contact_email": f"hello@{handle}.{DOMAIN}",
        "contact_telephone": telephone(scene, country),
        "website": f"https://{handle}.{DOMAIN}",
    }


def _joined(scene: Scene, joined: datetime, temper: Temper) -> Row:
    silent = temper is SILENT
    here = scene.now - (draw.days(scene.rng, 95, 200) if silent else draw.days(scene.rng, 0.1, 6))
    return {
        "created_at": joined,
        "submitted_at": joined + timedelta(hours=3),
        "published_at": joined + timedelta(days=1),
        "last_active_at": here,
        "updated_at": joined + timedelta(days=1),
    }


def make_offer(
    scene: Scene, party: Party, product: str, area: Sequence[str], published: datetime
) -> Listing:
    """One product of the library, for firms of these countries or provinces."""
    spec = library.products()[product]
    lang, words = _words(scene, product, party.lang)
    currency = _currency(party, spec, area)
    row = dates(scene, published, alive=True) | _terms(spec) | _range(spec, currency)
    row |= {
        "public_id": scene.id(),
        "organisation_id": party.id,
        "kind": Kind(spec["kind"]),
        "code": spec["code"],
        "title": words.title,
        "text": words.text,
        "lang": lang,
        "search_key": search_key(f"{words.title} {party.row['name']} {party.row['name_latin']}")[
            :600
        ],
        "languages": party.row["languages"],
        "deploying": not draw.chance(scene.rng, 0.04),
        "used": 0,
        "used_month": "",
    }
    offer = Listing(scene.sheet.add(Offer, **row), party, product)
    for rule in _rules(spec, row, area):
        scene.sheet.add(Criterion, offer_id=offer.id, **rule)
    return offer


def _words(scene: Scene, product: str, lang: str) -> tuple[str, Words]:
    found = library.product_words()
    lang = lang if (product, lang) in found else "en"
    return lang, scene.rng.choice(found[product, lang])


def _currency(party: Party, spec: Any, area: Sequence[str]) -> str:
    own = str(party.row["currency"])
    small = spec["usd"][1] <= 100_000
    return own if len(area) == 1 and small and party.lang != "en" else "USD"


def _terms(spec: Any) -> Row:
    interest = spec.get("interest") or (None, None)
    return {
        "purposes": spec["purposes"],
        "price_unit": spec.get("unit", ""),
        "interest_min": interest[0],
        "interest_max": interest[1],
        "fees": spec.get("fees", ""),
        "free_tier": bool(spec.get("free")),
        "works_offline": bool(spec.get("offline")),
        "impact": spec["impact"],
        "decision_days": spec["days"],
        "places": spec["places"],
        "steps_done": list(STEPS),
    }


def _range(spec: Any, currency: str) -> Row:
    rate = rates.latest(currency)
    low, high = (draw.in_currency(usd, currency) if usd else 0 for usd in spec["usd"])
    return {
        "amount_min_minor": low,
        "amount_max_minor": high,
        "currency": currency,
        "rate": rate.per_usd,
        "rate_on": rate.on,
        "usd_min": rates.usd(low, currency, rate),
        "usd_max": rates.usd(high, currency, rate),
    }


def _rules(spec: Any, row: Row, area: Sequence[str]) -> list[Row]:
    fine = "-" in area[0]
    place = [f"iso3166-{2 if fine else 1}:{code}" for code in area]
    rules = [_rule("province" if fine else "country", "one_of", place, True)]
    rules += [_rule(*rule) for rule in spec["rules"]]
    ticket = amount_criterion(spec.get("amount", ""), spec["kind"], row["usd_min"], row["usd_max"])
    if ticket:
        rules.append(_rule(ticket.fact, ticket.op, list(ticket.values), ticket.must))
    return rules


def _rule(fact: str, operator: str, values: list[Any], must: bool) -> Row:
    return {
        "fact": fact,
        "operator": Operator(operator),
        "values": values,
        "must": must,
        "source": CriterionSource.DECLARED,
    }
