"""Passing several firms at once, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.screening.models import (
    EntryEvent,
    EntryEventKind,
    PipelineEntry,
    PipelinePass,
    PipelineStage,
)
from matchmaker.screening.services.stages import first_stage, held, passed_stage, written

UNDO = timedelta(minutes=10)
#: Of one pass: what one page of the table holds, and more than anybody ticks.
MOST = 50


@dataclass(frozen=True, slots=True)
class Passed:
    #: None when nothing was left to pass.
    row: PipelinePass | None
    count: int
    #: Those that a colleague changed first: they stay where that one put them.
    left: int


def pass_many(
    session: Session, organisation_id: int, by: int, picked: Mapping[str, int], reason: str
) -> Passed:
    """Pass entries by (public id, the version that was looked at), all in one transaction."""
    to = passed_stage(written(session, organisation_id))
    found = _locked(
        session,
        PipelineEntry.organisation_id == organisation_id,
        PipelineEntry.public_id.in_(list(picked)),
    )
    ids = [
        row.id for row in found if row.version == picked[row.public_id] and row.stage_id != to.id
    ]
    left = sum(row.version != picked[row.public_id] and row.stage_id != to.id for row in found)
    if not ids:
        return Passed(None, 0, left)
    row = PipelinePass(organisation_id=organisation_id, account_id=by, reason=reason)
    session.add(row)
    session.flush()
    _put(session, ids, stage_id=to.id, passed_from_id=PipelineEntry.stage_id, pass_id=row.id)
    _write(session, ids, EntryEventKind.PASSED, by, to)
    _log(session, row, by, "pipeline.passed")
    return Passed(row, len(ids), left)


def undo(session: Session, row: PipelinePass, by: int) -> int:
    """Put back what nobody has moved since; WrongState when it is too late or was done already."""
    now = clock.now()
    taken = session.scalar(
        update(PipelinePass)
        .where(
            PipelinePass.id == row.id,
            PipelinePass.undone_at.is_(None),
            PipelinePass.at > now - UNDO,
        )
        .values(undone_at=now)
        .returning(PipelinePass.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise WrongState("the pass is old or was taken back")
    first = first_stage(held(session, row.organisation_id))
    ids = [one.id for one in _locked(session, PipelineEntry.pass_id == row.id)]
    back = func.coalesce(PipelineEntry.passed_from_id, first.id)
    _put(session, ids, stage_id=back, passed_from_id=None, pass_id=None)
    _write(session, ids, EntryEventKind.UNDONE, by, None)
    _log(session, row, by, "pipeline.pass_undone")
    return len(ids)


def pass_of(session: Session, organisation_id: int, public_id: str) -> PipelinePass | None:
    query = select(PipelinePass).where(
        PipelinePass.public_id == public_id, PipelinePass.organisation_id == organisation_id
    )
    return session.scalar(query)


def may_undo(row: PipelinePass) -> bool:
    return row.undone_at is None and row.at > clock.now() - UNDO


def _locked(session: Session, *conditions: Any) -> Sequence[Any]:
    """Their ids and versions, held until the end; in one order, so that two never cross."""
    query = (
        select(
            PipelineEntry.id,
            PipelineEntry.public_id,
            PipelineEntry.version,
            PipelineEntry.stage_id,
        )
        .where(*conditions)
        .order_by(PipelineEntry.id)
        .limit(MOST)
        .with_for_update()
    )
    return session.execute(query).all()


def _put(session: Session, ids: Sequence[int], **values: Any) -> None:
    session.execute(
        update(PipelineEntry)
        .where(PipelineEntry.id.in_(ids))
        .values(version=PipelineEntry.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _write(
    session: Session, ids: Sequence[int], kind: EntryEventKind, by: int, to: PipelineStage | None
) -> None:
    stage_id = to.id if to else None
    session.add_all(
        EntryEvent(entry_id=one, kind=kind, account_id=by, stage_id=stage_id) for one in ids
    )


def _log(session: Session, row: PipelinePass, by: int, event: str) -> None:
    """The reason is private to the organisation, so the log does not have it."""
    audit.record(
        session,
        event,
        account_id=by,
        subject="pipeline_pass",
        subject_id=row.id,
        organisation_id=row.organisation_id,
    )
