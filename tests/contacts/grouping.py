"""A funder whose ticket is above single firms, and coffee firms that reach it together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.organisations.models import Consortium, ConsortiumFirm, Need, Offer, Operator
from matchmaker.organisations.services import consortium
from matchmaker.organisations.services.consortium import Plan
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

#: Unmistakable exact amounts, all in the band from 20,000 to 50,000 dollars.
EXACT = 654_321_987
PLAN = Plan("Coffee of the Khan", "One drying hall for all of us", "We dry together.", "en")


@dataclass
class Crowd:
    session: Session
    offer: Offer
    banker: Account
    #: The need of each firm, and who owns the firm; the first one begins.
    needs: list[Need]
    owners: list[Account]

    def start(self, *others: int, **plan: Any) -> Consortium:
        """Begin a group with some of the firms, the next two if none is named."""
        chosen = [self.needs[at] for at in others or (1, 2)]
        values = {"name": PLAN.name, "title": PLAN.title, "text": PLAN.text, "lang": "en"} | plan
        made = consortium.start(
            self.session, self.needs[0], self.offer, self.owners[0].id, Plan(**values), chosen
        )
        self.session.commit()
        return made

    def firm(self, group: Consortium, at: int) -> ConsortiumFirm:
        own = self.needs[at].organisation_id
        found = next(one for one in _firms(self.session, group) if one.organisation_id == own)
        self.session.commit()
        return found

    def join(self, group: Consortium, *firms: int) -> None:
        for at in firms:
            consortium.join(self.session, self.firm(group, at), self.owners[at].id)
            self.session.commit()

    @property
    def together_url(self) -> str:
        return f"/matches/{self.needs[0].public_id}/{self.offer.public_id}/together"


def _firms(session: Session, group: Consortium) -> list[ConsortiumFirm]:
    session.refresh(group, ["firms"])
    return group.firms


def make_crowd(session: Session, firms: int = 4) -> Crowd:
    funder = FunderFactory(name="Mekong Processing Fund")
    banker = AccountFactory(name="Banker Person")
    MembershipFactory(account=banker, organisation=funder)
    offer = OfferFactory(organisation=funder, title="Loans for shared halls", usd_max=500_000.0)
    CriterionFactory(offer=offer)
    CriterionFactory(
        offer=offer, fact="amount_usd", operator=Operator.BETWEEN, values=[60_000.0, 500_000.0]
    )
    crowd = Crowd(session, offer, banker, [], [])
    for at in range(firms):
        owner = AccountFactory(name=f"Owner Number {at}")
        firm = OrganisationFactory(name=f"Hidden Roaster {at}", contact_telephone="+85620555000")
        MembershipFactory(account=owner, organisation=firm)
        need = NeedFactory(
            organisation=firm, amount_minor=EXACT + at, band_low=20_000.0, band_high=50_000.0
        )
        crowd.needs.append(need)
        crowd.owners.append(owner)
    session.commit()
    return crowd
