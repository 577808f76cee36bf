"""One step of a group: a lock, a conditional UPDATE, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import MatchmakerError, WrongState
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Need,
    Organisation,
    OrganisationState,
)
from matchmaker.organisations.services.consortium_standing import standing

HandedOver = Callable[[Session, Consortium, int], None]
#: Gives how many papers it took back.
PapersBack = Callable[[Session, Consortium, int | None, datetime | None], int]
#: What other rooms do when another firm comes to speak for a group.
handed_over: list[HandedOver] = []
#: What they do when those who let papers out, or stood behind them, do so no longer.
papers_back: list[PapersBack] = []


def on_hand_over(step: HandedOver) -> None:
    if step not in handed_over:
        handed_over.append(step)


def on_papers_back(step: PapersBack) -> None:
    if step not in papers_back:
        papers_back.append(step)


def take_papers_back(
    session: Session, group: Consortium, by: int | None, since: datetime | None = None
) -> int:
    """What the group let out from this moment on is let out no longer; all of it without one.

    A paper goes out on the word of every firm that is in the group then. Once one of them goes,
    who speaks for the group looks whether it still holds, and shares it again. Gives how many.
    """
    return sum(step(session, group, by, since) for step in papers_back)


class GroupFullError(MatchmakerError):
    """It has as many firms as a group may have."""


class InAGroupError(MatchmakerError):
    """The need counts in another group already."""


class CoordinatorStaysError(MatchmakerError):
    """Somebody speaks for a group as long as it goes on."""


class NotReachedError(MatchmakerError):
    """The firms do not reach the ticket together."""


def lock(session: Session, group: Consortium) -> Consortium:
    """Those who change who is in it go one by one; WrongState once it has ended."""
    going = session.get_one(Consortium, group.id, with_for_update=True, populate_existing=True)
    if going.ended_at is not None:
        raise WrongState("the group has ended")
    # Before the organisation, as asking does: else two wait for each other.
    held(session, Need, going.need_id)
    return going


def add_up(session: Session, group: Consortium) -> None:
    """The group's amount exists as a band only: the sum of those that joined."""
    band = standing(session, group).band
    low, high = (band.low, band.high) if band else (None, None)
    need = group.need
    if (need.band_low, need.band_high) != (low, high):
        need.band_low, need.band_high = low, high
        session.flush()
        changes.note(session, ChangeKind.NEED, need.id)


def published(session: Session, organisation_id: int) -> None:
    """Who is not published, or no longer, acts for no group; WrongState."""
    state = session.scalar(select(Organisation.state).where(Organisation.id == organisation_id))
    if state is not OrganisationState.PUBLISHED:
        raise WrongState("the firm is not published")


def not_in_another(session: Session, need_id: int) -> None:
    joined = ConsortiumFirm.state == FirmState.JOINED
    query = select(ConsortiumFirm.id).where(ConsortiumFirm.need_id == need_id, joined)
    if session.scalar(query) is not None:
        raise InAGroupError


def step(
    session: Session,
    firm: ConsortiumFirm,
    allowed: Collection[FirmState],
    to: FirmState,
    by: int | None,
    *conditions: ColumnElement[bool],
    by_coordinator: int | None = None,
    **values: Any,
) -> None:
    """From one of the allowed states, or WrongState; ``by`` answers for the firm itself."""
    answered = {"answered_at": clock.now(), "answered_by_id": by} if by is not None else {}
    done = session.scalar(
        update(ConsortiumFirm)
        .where(ConsortiumFirm.id == firm.id, ConsortiumFirm.state.in_(allowed), *conditions)
        .values(state=to, **answered, **values)
        .returning(ConsortiumFirm.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(firm)
    if done is None:
        raise WrongState(f"the firm is {firm.state}")
    record(session, to.value, by or by_coordinator, firm.consortium, firm.organisation_id)


def change(
    session: Session, group: Consortium, *conditions: ColumnElement[bool], **values: Any
) -> None:
    done = session.scalar(
        update(Consortium)
        .where(Consortium.id == group.id, Consortium.ended_at.is_(None), *conditions)
        .values(**values)
        .returning(Consortium.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(group)
    if done is None:
        raise WrongState


def record(
    session: Session, event: str, by: int | None, group: Consortium, firm_id: int | None = None
) -> None:
    audit.record(
        session,
        f"consortium.{event}",
        account_id=by,
        subject="consortium",
        subject_id=group.id,
        organisation_id=firm_id or group.organisation_id,
    )
