"""Recording events, sealing them in batches and proving that nothing was altered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent, AuditSeal

HEAD_FILE = "audit-head.json"


def record(
    session: Session,
    event: str,
    *,
    account_id: int | None,
    subject: str,
    subject_id: int | None,
    organisation_id: int | None = None,
    code: str = "",
) -> None:
    """Write the event with the change it tells of: they commit together."""
    session.add(
        AuditEvent(
            event=event,
            account_id=account_id,
            subject=subject,
            subject_id=subject_id,
            organisation_id=organisation_id,
            code=code,
        )
    )


def seal(session: Session) -> AuditSeal | None:
    """Close all unsealed events in one batch; None when there are none."""
    events = list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.seal_id.is_(None)).order_by(AuditEvent.id)
        )
    )
    if not events:
        return None
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    new = AuditSeal(
        first_id=events[0].id,
        last_id=events[-1].id,
        count=len(events),
        digest=_digest(events, last.digest if last else ""),
    )
    session.add(new)
    session.flush()
    session.execute(
        update(AuditEvent)
        .where(AuditEvent.id.in_([event.id for event in events]))
        .values(seal_id=new.id)
        .execution_options(synchronize_session=False)
    )
    return new


def _digest(events: Iterable[AuditEvent], previous: str) -> str:
    digest = hashlib.sha256(previous.encode())
    for event in events:
        fields = (
            event.id,
            event.at.isoformat(timespec="microseconds"),
            event.account_id,
            event.event,
            event.subject,
            event.subject_id,
            event.organisation_id,
            event.code,
        )
        digest.update(json.dumps(fields).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    ok: bool
    problem: str
    seals: int
    events: int


def verify(session: Session, folder: Path) -> Verdict:
    """Recompute every seal and compare the newest with the head kept outside the database."""
    previous, seals, events = "", 0, 0
    for row in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        batch = list(
            session.scalars(
                select(AuditEvent).where(AuditEvent.seal_id == row.id).order_by(AuditEvent.id)
            )
        )
        if len(batch) != row.count or _digest(batch, previous) != row.digest:
            return Verdict(False, f"batch {row.id} was altered", seals, events)
        previous, seals, events = row.digest, seals + 1, events + len(batch)
    kept = read_head(folder)
    if kept and not _reaches(session, kept):
        return Verdict(False, "the log ends before the head kept outside", seals, events)
    loose = session.scalar(select(func.count()).where(AuditEvent.seal_id.is_not(None)))
    if loose != events:
        return Verdict(False, "events name seals that are not there", seals, events)
    return Verdict(True, "", seals, events)


def _reaches(session: Session, head: dict[str, object]) -> bool:
    row = session.get(AuditSeal, head["seal"])
    return row is not None and row.digest == head["digest"]


def read_head(folder: Path) -> dict[str, object]:
    path = folder / HEAD_FILE
    kept: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return kept


def keep_head(folder: Path, newest: AuditSeal) -> None:
    """Put the newest seal outside the database, where a cut tail shows."""
    path = folder / HEAD_FILE
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps({"seal": newest.id, "digest": newest.digest}))
    partial.replace(path)
