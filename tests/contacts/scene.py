"""A firm with a need and a funder with an offer, each with a person who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import clock
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.suggestions.models import Side
from tests.factories import (
    AccountFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

#: Private values that must reach nobody before a yes.
CANARIES = {
    "contact_name": "Canary Person Khamla",
    "contact_telephone": "+856 20 5551 0001",
    "contact_email": "canary.firm@example.org",
    "contact_address": "Canary Road 17, Ban Xieng Muan",
}
FUNDER_CONTACT = {
    "contact_name": "Funder Person Somsy",
    "contact_telephone": "+856 21 555 222",
    "contact_email": "desk.funder@example.org",
    "contact_address": "Funder Lane 3",
}


@dataclass
class Scene:
    session: Session
    firm: Organisation
    funder: Organisation
    need: Need
    offer: Offer
    owner: Account
    banker: Account

    def actor(self, side: Side) -> services.Actor:
        account = self.owner if side is Side.NEED else self.banker
        return services.Actor(account.id, side)

    def ask(self, side: Side = Side.NEED, **more: Any) -> services.Ask:
        values: dict[str, Any] = {
            "need_id": self.need.id,
            "offer_id": self.offer.id,
            "by": self.actor(side),
            "message": "May we talk?",
            "lang": "en",
            "promised": ("name", "contact_telephone") if side is Side.NEED else (),
        }
        return services.Ask(**(values | more))

    def send(self, side: Side = Side.NEED, **more: Any) -> ContactRequest:
        request = services.send(self.session, self.ask(side, **more)).request
        self.session.commit()
        return request

    def banker_seen(self, request: ContactRequest) -> None:
        """As when somebody of the asked side opened it: it no longer counts as unread."""
        request.seen_at = clock.now()
        request.sent_at -= timedelta(days=2)
        self.session.commit()

    def url(self, need: Need | None = None, offer: Offer | None = None) -> str:
        need, offer = need or self.need, offer or self.offer
        return f"/requests/new/{need.public_id}/{offer.public_id}"


def make_scene(session: Session) -> Scene:
    firm = OrganisationFactory(name="Hidden Name Coffee", show_name=False, **CANARIES)
    funder = FunderFactory(name="Mekong Upland Fund", **FUNDER_CONTACT)
    owner = AccountFactory(name="Owner Person")
    banker = AccountFactory(name="Banker Person")
    MembershipFactory(account=owner, organisation=firm)
    MembershipFactory(account=banker, organisation=funder)
    need = NeedFactory(organisation=firm)
    offer = OfferFactory(organisation=funder)
    session.commit()
    return Scene(session, firm, funder, need, offer, owner, banker)
