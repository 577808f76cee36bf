"""A firm with a need, funders with offers, and the people who look after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matchmaker.accounts.models import Account
from matchmaker.organisations.models import Need, Offer
from tests.factories import (
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

#: One unmistakable value for each field that nobody may read before an accepted request.
CANARIES: dict[str, Any] = {
    "contact_name": "Canaryname Khamla",
    "contact_email": "canary.mail@firm.example",
    "contact_telephone": "+856 20 5557 7331",
    "contact_address": "Canarystreet 17",
    "website": "https://canary-site.example",
    "turnover_minor": 987_654_321,
    "capital_minor": 876_543_219,
}
EXACT = 312_345_678
NAME = "Canary Coffee of Nam Khan"
WORDS = "Canarywords: we dry beans. Call 020 5557 7331."


@dataclass
class Scene:
    need: Need
    offer: Offer
    owner: Account
    banker: Account

    @property
    def need_url(self) -> str:
        return f"/matches/needs/{self.need.public_id}"

    @property
    def offer_url(self) -> str:
        return f"/matches/offers/{self.offer.public_id}"

    @property
    def match_url(self) -> str:
        return f"/matches/{self.need.public_id}/{self.offer.public_id}"


def make_scene(session: Any, **need: Any) -> Scene:
    firm = OrganisationFactory(name=NAME, about=WORDS, **CANARIES)
    values = {"organisation": firm, "amount_minor": EXACT, "text": WORDS, **need}
    made = NeedFactory(**values)
    funder = FunderFactory()
    offer = OfferFactory(organisation=funder)
    CriterionFactory(offer=offer)
    scene = Scene(
        made,
        offer,
        MembershipFactory(organisation=firm).account,
        MembershipFactory(organisation=funder).account,
    )
    session.commit()
    return scene


def near_miss(session: Any, **criterion: Any) -> Offer:
    """An offer whose one rule the scene's firm does not meet."""
    offer = OfferFactory(title="Loan that nearly fits")
    values = {"fact": "age_years", "operator": "at_least", "values": [50], **criterion}
    CriterionFactory(offer=offer, **values)
    session.commit()
    return offer
