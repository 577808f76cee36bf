"""Who opened a file of evidence: written before a byte is sent, read by its owner."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.extensions.transactions import writing_session
from matchmaker.organisations.models import EvidenceFile, EvidenceOpening, OpenedAs

#: How long a reader waits for the log; without it nothing is sent.
LOG_LOCK_MS = 2000
Allowed = Callable[[Session], bool]


def log_opening(
    engine: Engine,
    file: EvidenceFile,
    *,
    account_id: int,
    opened_as: OpenedAs,
    viewer_organisation_id: int | None = None,
    allowed: Allowed | None = None,
) -> bool:
    """Write it down in a transaction of its own, in which the file still stands and `allowed`
    still holds; False: it does not, and nothing may be sent. Raises OperationalError when it
    cannot be written."""
    with writing_session(engine, LOG_LOCK_MS) as session:
        there = select(EvidenceFile.id).where(EvidenceFile.id == file.id)
        if session.scalar(there.with_for_update(read=True)) is None:
            return False
        if allowed is not None and not allowed(session):
            return False
        opening = EvidenceOpening(
            organisation_id=file.organisation_id,
            fact=file.fact,
            opened_as=opened_as,
            viewer_organisation_id=viewer_organisation_id,
            account_id=account_id,
        )
        session.add(opening)
        audit.record(
            session,
            "evidence.opened",
            account_id=account_id,
            subject="organisation",
            subject_id=file.organisation_id,
            organisation_id=file.organisation_id,
            code=file.fact,
        )
    return True


def openings(
    session: Session, organisation_id: int, limit: int = 100, by: int | None = None
) -> list[EvidenceOpening]:
    """Who opened its files, the last one first; ``by``: only people of this organisation."""
    query = select(EvidenceOpening).where(EvidenceOpening.organisation_id == organisation_id)
    if by is not None:
        query = query.where(EvidenceOpening.viewer_organisation_id == by)
    query = query.options(joinedload(EvidenceOpening.viewer_organisation))
    return list(session.scalars(query.order_by(EvidenceOpening.id.desc()).limit(limit)))
