"""What loan offers of the demo say of their terms and licences; one of them is no good.

Nothing here is drawn: the rest of the demo stays the same whatever is said of loans.
"""

from __future__ import annotations

from datetime import timedelta

from matchmaker.demo import library
from matchmaker.demo.parties import Party
from matchmaker.demo.sheet import Row
from matchmaker.demo.world import World
from matchmaker.organisations.models import Offer, Organisation, OrganisationFact
from matchmaker.organisations.services.licence import FACT
from matchmaker.vocabulary.instruments import is_loan

#: Whose loan nobody should take: dear, flat, with a fee beforehand and no licence.
BAD = "Mak Kiang Leasing"
#: Signs in to the demo, so that its papers are in order.
IN_ORDER = "Lane Xang Joint Development Bank"
AUTHORITY, CHECKER = "Central bank (example)", "Programme office"
#: One offer in so many does not say how its interest is counted.
UNSAID = 5

_NOTHING: Row = {
    "interest_counted": "",
    "fee_percent": None,
    "fee_fixed_minor": None,
    "fee_when": "",
    "months_min": None,
    "months_max": None,
    "grace_months": None,
    "security": [],
}
_UNLICENSED: Row = {"licence_authority": "", "licence_number": "", "licence_until": None}


def say_terms(world: World) -> None:
    """Every row of both tables names the same columns, also where there is nothing to say."""
    sheet = world.scene.sheet
    for row in sheet.rows(Offer):
        row |= _NOTHING
    for row in sheet.rows(Organisation):
        row |= _UNLICENSED
    terms = {row["product"]: row for row in library.rows("loans")}
    lenders: dict[int, Party] = {}
    for offer in world.offers:
        if is_loan(offer.row["code"]):
            offer.row |= _terms(terms[offer.about], offer.id)
            lenders[offer.party.id] = offer.party
        if offer.party.row["name_latin"] == BAD:
            offer.row |= _bad()
    for at, lender in enumerate(lenders.values()):
        _license(world, lender, at)


def _terms(said: dict[str, str], offer_id: int) -> Row:
    def whole(name: str) -> int | None:
        return int(said[name]) if said[name] else None

    return {
        "interest_counted": said["counted"] if offer_id % UNSAID else "",
        "fee_percent": float(said["fee_percent"]) if said["fee_percent"] else None,
        "fee_when": said["fee_when"],
        "months_min": whole("months_min"),
        "months_max": whole("months_max"),
        "grace_months": whole("grace"),
        "security": said["security"].split(),
    }


def _bad() -> Row:
    return {
        "interest_min": 30.0,
        "interest_max": 36.0,
        "interest_counted": "flat",
        "fee_percent": 5.0,
        "fee_when": "before",
        "fees": "",
        "security": ["land"],
    }


def _license(world: World, lender: Party, at: int) -> None:
    """Most are licensed and checked, some said so and nobody looked, a few do not say."""
    name = lender.row["name_latin"]
    if name == BAD or (at % 9 == 4 and name != IN_ORDER):
        return
    lender.row |= {"licence_authority": AUTHORITY, "licence_number": f"{1000 + at * 7}/example"}
    said = lender.row["published_at"]
    checked = at % 3 != 2 or name == IN_ORDER
    world.scene.sheet.add(
        OrganisationFact,
        organisation_id=lender.id,
        fact=FACT,
        value=True,
        stated_at=said,
        checked_on=(said + timedelta(days=4)).date() if checked else None,
        checked_by=CHECKER if checked else "",
    )
