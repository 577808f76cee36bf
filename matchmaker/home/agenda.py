"""What somebody should do next, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from matchmaker import tasks
from matchmaker.accounts.models import Account
from matchmaker.contacts.access import acting_for
from matchmaker.contacts.services.agenda import Due, Step, agenda
from matchmaker.organisations.access import my_organisations
from matchmaker.organisations.clients import leads_to_clients
from matchmaker.organisations.models import (
    Membership,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.suggestions.services.ahead import Ahead, look_ahead
from matchmaker.tasks import Task

#: Needs or offers that are looked through for a draft or one that has ended.
LISTED = 10
#: Tasks of an introducer that the page names.
TASKS = 3


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that the first page is made of."""

    organisations: Sequence[Organisation]
    steps: Mapping[Due, Step]
    #: Own needs of a firm, own offers of a funder or provider, the newest first.
    rows: Sequence[Need] | Sequence[Offer] = ()
    ahead: Ahead | None = None
    tasks: Sequence[Task] = field(default_factory=list)

    @property
    def main(self) -> Organisation | None:
        """The one that the page speaks of: the oldest membership."""
        return self.organisations[0] if self.organisations else None


def agenda_of(session: Session, account: Account) -> Agenda:
    """Read it all; a newcomer has nothing but an account."""
    organisations = my_organisations()
    if not organisations:
        return Agenda((), {})
    steps = agenda(session, acting_for(account.id))
    given: Sequence[Task] = ()
    if any(one.is_introducer for one in organisations):
        given = tasks.given_to(session, _colleagues(account), limit=TASKS)
    if all(map(leads_to_clients, organisations)):
        return Agenda(organisations, steps, tasks=given)
    rows = _rows(session, organisations)
    ranked = [row for row in rows if row.state is PublicationState.PUBLISHED]
    return Agenda(organisations, steps, rows, look_ahead(session, ranked), given)


def _colleagues(account: Account) -> Select[int]:
    """Everybody of this person's introducers: what is given to one of them is for all to see."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account.id)
    introducers = select(Organisation.id).where(
        Organisation.id.in_(mine),
        Organisation.is_introducer.is_(True),
        Organisation.state == OrganisationState.PUBLISHED,
    )
    return select(Membership.account_id).where(Membership.organisation_id.in_(introducers))


def _rows(session: Session, organisations: Sequence[Organisation]) -> list[Need] | list[Offer]:
    """Needs of those who are firms too, else offers: one side a page."""
    ids = [one.id for one in organisations]
    if any(one.is_firm for one in organisations):
        needs = select(Need).where(
            Need.organisation_id.in_(ids), Need.state != PublicationState.CLOSED
        )
        parts = joinedload(Need.organisation).joinedload(Organisation.facts)
        query = needs.options(parts).order_by(Need.id.desc()).limit(LISTED)
        return list(session.scalars(query).unique())
    offers = select(Offer).where(
        Offer.organisation_id.in_(ids), Offer.state != PublicationState.CLOSED
    )
    whole = offers.options(joinedload(Offer.organisation), joinedload(Offer.criteria))
    return list(session.scalars(whole.order_by(Offer.id.desc()).limit(LISTED)).unique())


def task_given(session: Session, account: Account, public_id: str) -> Task | None:
    """An open task that is in the hands of this person or of a colleague at an introducer."""
    return tasks.find_given(session, _colleagues(account), public_id)
