"""Putting a firm into the pipeline, moving it, and what is kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import StaleVersion
from matchmaker.extensions import clock, transactions
from matchmaker.extensions.database import new_public_id
from matchmaker.language.words import guess_language
from matchmaker.organisations.models import Need, Offer
from matchmaker.organisations.services.values import TWICE_WITHIN
from matchmaker.screening.errors import StageGoneError
from matchmaker.screening.models import (
    EntryEvent,
    EntryEventKind,
    EntryTag,
    PipelineEntry,
    PipelineStage,
)
from matchmaker.screening.services import giving
from matchmaker.screening.services.stages import first_stage, held


@dataclass(frozen=True, slots=True)
class Placed:
    entry: PipelineEntry
    #: False: somebody put it in before.
    new: bool


def put_in(session: Session, offer: Offer, need: Need, by: int) -> Placed:
    """Put a need into the first stage of the offering organisation, once for each offer."""
    first = first_stage(held(session, offer.organisation_id))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "public_id": new_public_id(),
        "version": 1,
        "organisation_id": offer.organisation_id,
        "offer_id": offer.id,
        "need_id": need.id,
        "stage_id": first.id,
        "put_in_at": clock.now(),
    }
    key = ["organisation_id", "offer_id", "need_id"]
    added = dialect.insert(PipelineEntry).values(**values)
    new_id = session.scalar(
        added.on_conflict_do_nothing(index_elements=key).returning(PipelineEntry.id)
    )
    entry = session.scalars(
        select(PipelineEntry).where(
            PipelineEntry.offer_id == offer.id, PipelineEntry.need_id == need.id
        )
    ).one()
    if new_id is not None:
        write(session, entry, EntryEventKind.PUT_IN, by, stage=first)
        log(session, entry, by, "pipeline.put_in")
    return Placed(entry, new_id is not None)


def move(
    session: Session, entry: PipelineEntry, to: PipelineStage, version: int, by: int, why: str = ""
) -> None:
    """Put it into another stage, with a note; StaleVersion when a colleague changed it first,
    StageGoneError when one took the stage away."""
    if to.id not in {stage.id for stage in held(session, entry.organisation_id)}:
        raise StageGoneError
    values = {"stage_id": to.id, "pass_id": None, "passed_from_id": None}
    if entry.stage_id != to.id or entry.version != version:
        _change(session, entry, version, **values)
        write(session, entry, EntryEventKind.MOVED, by, stage=to)
        log(session, entry, by, "pipeline.moved")
    if why:
        note(session, entry, by, why)


def note(session: Session, entry: PipelineEntry, by: int, text: str) -> None:
    """A private note: added, never overwritten, so two who write at once lose nothing; an
    impatient second press adds no second one."""
    transactions.held(session, PipelineEntry, entry.id)
    just_now = select(EntryEvent.id).where(EntryEvent.at > clock.now() - TWICE_WITHIN)
    own = {"kind": EntryEventKind.NOTE, "account_id": by, "text": text}
    same = just_now.filter_by(entry_id=entry.id, **own)
    if session.scalar(same.limit(1)) is not None:
        return
    write(session, entry, EntryEventKind.NOTE, by, text=text)
    log(session, entry, by, "pipeline.noted")


def keep(
    session: Session,
    entry: PipelineEntry,
    version: int,
    by: int,
    assignee_id: int | None,
    tags: Sequence[str],
) -> None:
    """Say who sees to it, and the tags; StaleVersion when a colleague changed it or left first."""
    before = entry.assignee_id
    giving.hold(session, entry.organisation_id, assignee_id)
    _change(session, entry, version, assignee_id=assignee_id)
    session.execute(delete(EntryTag).where(EntryTag.entry_id == entry.id))
    rows: list[dict[str, Any]] = [
        {"entry_id": entry.id, "tag": tag, "organisation_id": entry.organisation_id}
        for tag in dict.fromkeys(tags)
    ]
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(EntryTag).values(rows))
    session.expire(entry, ["tags"])
    log(session, entry, by, "pipeline.kept")
    if assignee_id != before:
        giving.tell(session, entry, assignee_id, by)


def write(
    session: Session,
    entry: PipelineEntry,
    kind: EntryEventKind,
    by: int,
    *,
    stage: PipelineStage | None = None,
    text: str = "",
) -> None:
    """A line of the entry's history."""
    session.add(
        EntryEvent(
            entry_id=entry.id,
            kind=kind,
            account_id=by,
            stage_id=stage.id if stage else None,
            text=text,
            lang=guess_language(text) if text else "",
        )
    )


def log(session: Session, entry: PipelineEntry, by: int, event: str) -> None:
    """Who touched which entry; never where it stands or what was written."""
    audit.record(
        session,
        event,
        account_id=by,
        subject="pipeline_entry",
        subject_id=entry.id,
        organisation_id=entry.organisation_id,
    )


def _change(session: Session, entry: PipelineEntry, version: int, **values: Any) -> None:
    """Only the version that was looked at: of two who press, the second is told."""
    entry_id = entry.id
    changed = (
        update(PipelineEntry)
        .where(PipelineEntry.id == entry_id, PipelineEntry.version == version)
        .values(version=PipelineEntry.version + 1, **values)
        .returning(PipelineEntry.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(changed) is None:
        raise StaleVersion
    session.refresh(entry)
