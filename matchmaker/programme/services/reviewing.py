"""The reviewer's queue: first publications, and second looks after edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.access import StaffScope
from matchmaker.organisations.models import Offer, Organisation, OrganisationState
from matchmaker.programme.services.scopes import organisations_in

LISTED = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """The oldest first; `more` says that the list goes on behind its end."""

    rows: Sequence[Organisation]
    total: int

    @property
    def more(self) -> int:
        return max(self.total - len(self.rows), 0)


def first_publications(session: Session, scope: StaffScope) -> Queue:
    conditions = (Organisation.state == OrganisationState.IN_REVIEW, organisations_in(scope))
    return _queue(session, conditions, Organisation.submitted_at)


def second_looks(session: Session, scope: StaffScope) -> Queue:
    conditions = (
        Organisation.state == OrganisationState.PUBLISHED,
        Organisation.second_look_at.is_not(None),
        organisations_in(scope),
    )
    return _queue(session, conditions, Organisation.second_look_at)


def suspended(session: Session, scope: StaffScope) -> Queue:
    conditions = (Organisation.state == OrganisationState.SUSPENDED, organisations_in(scope))
    return _queue(session, conditions, Organisation.updated_at)


def with_parts(session: Session, organisation: Organisation) -> Organisation:
    """The organisation with all that a reviewer reads."""
    query = (
        select(Organisation)
        .where(Organisation.id == organisation.id)
        .options(
            selectinload(Organisation.needs),
            selectinload(Organisation.offers).selectinload(Offer.criteria),
            selectinload(Organisation.business_ids),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()


def _queue(session: Session, conditions: Sequence[object], order: object) -> Queue:
    where = list(conditions)
    query = select(Organisation).where(*where).order_by(order, Organisation.id)  # type: ignore[arg-type]
    total = session.scalar(select(func.count(Organisation.id)).where(*where))  # type: ignore[arg-type]
    return Queue(list(session.scalars(query.limit(LISTED))), total or 0)
