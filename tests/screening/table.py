"""A funder's desk with an offer, colleagues, and firms that fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Need, Offer, Organisation
from tests.factories import (
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

#: What no table, mail or file may say of a firm that does not show its name.
PRIVATE = {
    "name": "Hidden Name Coffee",
    "contact_name": "Canary Person Khamla",
    "contact_telephone": "+856 20 5551 0001",
    "contact_email": "canary.firm@example.org",
}


@dataclass
class Table:
    session: Session
    funder: Organisation
    offer: Offer
    banker: Account
    colleague: Account

    @property
    def desk(self) -> str:
        return f"/desk/{self.funder.public_id}"

    @property
    def url(self) -> str:
        return f"{self.desk}/firms?offer={self.offer.public_id}"

    def firms(self, number: int, days: int = 0, **firm: Any) -> Sequence[Need]:
        """So many firms that fit, published so many days ago, known to the index."""
        rows = []
        for at in range(number):
            made = OrganisationFactory(show_name=False, **(PRIVATE | firm))
            at_day = clock.now() - timedelta(days=days, minutes=at)
            rows.append(NeedFactory(organisation=made, title=f"Dryer {at}", published_at=at_day))
        self.session.flush()
        for row in rows:
            changes.note(self.session, ChangeKind.NEED, row.id)
        self.session.commit()
        return rows


def make_table(session: Session) -> Table:
    funder = FunderFactory(name="Mekong Upland Fund")
    people = [MembershipFactory(organisation=funder).account for _ in range(2)]
    offer = OfferFactory(organisation=funder)
    CriterionFactory(offer=offer)
    session.commit()
    return Table(session, funder, offer, *people)
