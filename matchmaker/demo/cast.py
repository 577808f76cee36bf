"""The organisations of those who sign in to the demo, and the requests they find there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matchmaker.demo import draw, library
from matchmaker.demo.accounts import join
from matchmaker.demo.evidence import state_evidence
from matchmaker.demo.firms import fill, make_firm
from matchmaker.demo.history import Ask, Fate
from matchmaker.demo.listings import Listing
from matchmaker.demo.needs import make_need, money_row
from matchmaker.demo.pairing import Matchmaker, Pair
from matchmaker.demo.parties import Party
from matchmaker.demo.sheet import Row
from matchmaker.demo.world import World, vouch
from matchmaker.organisations.models import (
    JoinRequest,
    JoinState,
    OrganisationFact,
    PublicationState,
)
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary import sizes

#: (topic, code, dollars, days since published)
NOYS_NEEDS = (
    ("dryer", "TERM_LOAN", 18_000, 62),
    ("growth", "QUASI_EQUITY", 90_000, 30),
    ("trace", "TRACEABILITY", 120, 24),
    ("books", "ACCOUNTING", 15, 86),
    ("harvest", "WORKING_CAPITAL", 25_000, 240),
)
DARAS_NEEDS = (("rooms", "TERM_LOAN", 30_000, 45), ("booking", "BOOKINGS", 40, 20))
#: What each of the two sells in a year, in dollars: enough to carry some loans, not every one.
SALES = 75_000
#: What Noy can show, so that doors are open to her; one answer is left for her to give.
NOYS_PAPERS = (
    *("registration", "tax_id", "tax_filed", "accounts_1y", "accounts_2y", "bank_statements"),
    *("business_account", "sales_records", "business_plan", "own_contribution", "no_bad_debt"),
    *("contracts", "export_record", "member"),
)


def add_cast(world: World) -> None:
    """Noy's coffee and Dara's guesthouse: firms like the others, with nothing left to chance."""
    noy = _firm(world, "LA-CH", "COFFEE_ROASTING", ("ພູເທວະດາ", "Phou Thevada"), 14, "noy")
    dara = _firm(world, "KH-17", "GUESTHOUSE", ("ផ្ទះឈើ", "Wooden House"), 9, "dara")
    join(world.scene, noy, world.people["kham"], owner=False)
    champasak = next(party for party in world.introducers if party.row["province"] == "LA-CH")
    vouch(world.scene, champasak, noy)
    world.scene.sheet.add(
        JoinRequest,
        public_id=world.scene.id(),
        account_id=world.people["dara"]["id"],
        organisation_id=noy.id,
        state=JoinState.ASKED,
        asked_at=world.scene.ago(1.5),
        answered_at=None,
        answered_by_id=None,
    )
    _needs(world, noy, NOYS_NEEDS)
    _needs(world, dara, DARAS_NEEDS)


def _firm(
    world: World, province: str, sector: str, name: tuple[str, str], staff: int, handle: str
) -> Party:
    place = next(place for place in library.place_list() if place.province == province)
    firm = make_firm(world.scene, place, sector, name)
    row = firm.row
    row |= _fixed(row, staff) | {"contact_email": world.people[handle]["email"]}
    row["contact_name"] = world.people[handle]["name"]
    row["about"] = fill(library.sentences("about_firm", firm.lang)[0], row, firm.lang)
    row["about_lang"] = firm.lang if row["about"] else ""
    join(world.scene, firm, world.people[handle])
    state_evidence(world.scene, firm)
    if handle == "noy":
        _papers(world, firm)
    world.firms.append(firm)
    return firm


def _fixed(row: Row, staff: int) -> Row:
    sales = draw.in_currency(SALES, row["currency"])
    figures = (sales, row["capital_minor"], row["currency"])
    size = sizes.size_class(row["country"], row["sector"], staff, *figures)
    return {
        "staff": staff,
        "turnover_minor": sales,
        "size_class": size.code or "",
        "size_rule": size.rule or "",
        "founded_year": row["created_at"].year - 6,
        "stage": "growth",
        "legal_form": "sole_limited",
        "women_share": 100,
        "women_decide": True,
        "ownership": ["women_owned", "women_led", "local_majority"],
        "exports": True,
        "export_share": 30,
        "export_countries": ["TH"],
        "show_name": True,
    }


def _papers(world: World, firm: Party) -> None:
    rows = world.scene.sheet.rows(OrganisationFact)
    rows[:] = [row for row in rows if row["organisation_id"] != firm.id]
    for fact in NOYS_PAPERS:
        world.scene.sheet.add(
            OrganisationFact,
            organisation_id=firm.id,
            fact=fact,
            value=True,
            stated_at=firm.row["created_at"],
            checked_on=None,
            checked_by="",
        )


def _needs(world: World, firm: Party, wanted: Iterable[tuple[str, str, int, int]]) -> None:
    topics = {topic.key: topic for topic in library.topics()}
    for topic, code, usd, days in wanted:
        need = make_need(world.scene, firm, topics[topic], world.scene.ago(days))
        lang, (words, *_) = library.wordings(topic, firm.lang)
        need.row |= money_row(usd, firm.row["currency"]) | {
            "state": PublicationState.PUBLISHED,
            "ready": True,
            "published_at": world.scene.ago(days),
            "expires_at": world.scene.ago(days % 90 - 90),
            "notice_at": world.scene.ago(0) if days % 90 > 83 else None,
            "closed_at": None,
            "close_reason": "",
            "code": code,
            "lang": lang,
            "title": fill(words.title, firm.row, lang),
            "text": fill(words.text, firm.row, lang),
        }
        world.needs.append(need)


#: Who asked whom: (topic, offering organisation, product, side, days ago, fate, hours).
SCRIPT = (
    ("harvest", "Nam Khong Bank", "fund", Side.NEED, 225, Fate.NO, 50.0),
    ("harvest", "Lane Xang Joint Development Bank", "harvest", Side.NEED, 220, Fate.YES, 26.0),
    ("dryer", "Thang Dee Leasing", "lease", Side.NEED, 50, Fate.SILENCE, None),
    ("dryer", "Nam Khong Bank", "term", Side.NEED, 40, Fate.NO, 70.0),
    ("dryer", "Lane Xang Joint Development Bank", "term", Side.NEED, 12, Fate.YES, 30.0),
    ("dryer", "Bua Kham Bank", "women", Side.NEED, 9, Fate.SILENCE, None),
    ("growth", "Upland Impact Fund", "mezzanine", Side.OFFER, 3, Fate.SILENCE, None),
    ("trace", "Plateau Trace", "trace", Side.NEED, 2, Fate.SILENCE, None),
    ("books", "Phonxay Accountants", "books", Side.OFFER, 8, Fate.SILENCE, None),
)
#: What both sides say came of one of them: its conversation is to be seen to the end.
CAME_OF = {("harvest", "Lane Xang Joint Development Bank"): "agreed"}


def script(world: World, matchmaker: Matchmaker) -> Iterator[Ask]:
    """Noy's own requests, so that each state is to be seen in her list."""
    noy = world.people["noy"]["id"]
    needs = {need.about: need for need in world.needs if need.party.account_id == noy}
    for topic, latin, product, side, days, fate, hours in SCRIPT:
        need = needs[topic]
        offer = next(
            offer
            for offer in world.offers
            if (offer.party.row["name_latin"], offer.about) == (latin, product)
        )
        pair = _pair(matchmaker, need, offer)
        sent = world.scene.ago(days)
        score, reasons = (pair.score, pair.reasons) if pair else (48.0, {})
        came_of = CAME_OF.get((topic, latin), "")
        yield Ask(need, offer, side, sent, score, reasons, fate, hours, came_of)


def _pair(matchmaker: Matchmaker, need: Listing, offer: Listing) -> Pair | None:
    return next((pair for pair in matchmaker.pairs(need, 60) if pair.offer is offer), None)
