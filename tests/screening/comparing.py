"""A funder with an offer and firms of unlike kinds, to be held side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.contacts import services as contacts
from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import clock
from matchmaker.organisations.models import Need, Offer, Operator, Organisation, OrganisationFact
from matchmaker.suggestions.models import Side
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

#: (name, province, title, language)
FIRMS = (
    ("Hidden Nam Khan Coffee", "LA-LP", "A dryer for our coffee", "en"),
    ("Hidden Champhone Mill", "LA-SV", "ເຄື່ອງສີເຂົ້າໃໝ່ ກ່ອນລະດູເກັບກ່ຽວ", "lo"),
    ("Hidden Pakse Tea", "LA-CH", "A tea store and a cold room", "en"),
    ("Hidden Xieng Silk", "LA-XI", "Looms and a workshop for ten weavers", "en"),
    ("Hidden Vang Honey", "LA-VI", "Jars, labels and an export licence", "en"),
    ("Hidden Bokeo Cardamom", "LA-BK", "A truck for cardamom", "en"),
)


@dataclass
class Desk:
    session: Session
    funder: Organisation
    offer: Offer
    needs: list[Need]
    banker: Account

    def compare_url(self, *needs: Need, **more: str) -> str:
        chosen = "".join(f"&need={need.public_id}" for need in needs or self.needs[:5])
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        return f"/desk/{self.funder.public_id}/compare?offer={self.offer.public_id}{chosen}{rest}"

    def brief_url(self, need: Need | None = None, ending: str = "") -> str:
        need = need or self.needs[0]
        return (
            f"/desk/{self.funder.public_id}/brief/{self.offer.public_id}/{need.public_id}{ending}"
        )

    def ask(self, need: Need, *, accepted: tuple[str, ...] | None = None) -> ContactRequest:
        """The firm asks; with ``accepted`` the funder says yes and the firm showed these."""
        owner = MembershipFactory(organisation=need.organisation).account
        ask = contacts.Ask(
            need_id=need.id, offer_id=self.offer.id, by=contacts.Actor(owner.id, Side.NEED),
            message="May we talk?", lang="en", promised=accepted or (),
        )  # fmt: skip
        request = contacts.send(self.session, ask).request
        if accepted is not None:
            contacts.accept(self.session, request, contacts.Actor(self.banker.id, Side.OFFER), ())
        self.session.commit()
        return request


def make_desk(session: Session, firms: int = 5) -> Desk:
    funder = FunderFactory()
    offer = OfferFactory(organisation=funder, title="Machine loan for food firms")
    CriterionFactory(offer=offer)
    CriterionFactory(offer=offer, fact="accounts_1y", operator=Operator.HAS, values=[])
    CriterionFactory(offer=offer, fact="age_years", operator=Operator.AT_LEAST, values=[3])
    CriterionFactory(offer=offer, fact="staff", operator=Operator.AT_LEAST, values=[5])
    needs = [_need(at) for at in range(firms)]
    banker = AccountFactory(name="Somsy of the bank")
    MembershipFactory(account=banker, organisation=funder)
    session.commit()
    return Desk(session, funder, offer, needs, banker)


def _need(at: int) -> Need:
    name, province, title, lang = FIRMS[at]
    firm = OrganisationFactory(
        name=name, province=province, staff=(12, 40, None, 3, 8, 20)[at],
        founded_year=(2018, 2009, 2025, 2016, 2020, 2015)[at],
        about=f"{name}: our own words", contact_telephone="+856 20 5557 7331",
    )  # fmt: skip
    facts: list[tuple[str, Any]] = [("registration", clock.today()), ("accounts_1y", None)]
    firm.facts = [
        OrganisationFact(fact=fact, value=True, checked_on=day, checked_by="Chamber" if day else "")
        for fact, day in facts[: 2 - at % 3]
    ]
    return NeedFactory(organisation=firm, title=title, lang=lang, text=f"{name} writes this.")
