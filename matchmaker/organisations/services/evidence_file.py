"""Files that show evidence: one a piece, within the organisation's room, removed with their row.

The file is written before the row that names it, and deleted by a job that commits with the row's
end; what a crash leaves between the two is swept up later.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from matchmaker.organisations.models import EvidenceFile, Organisation, OrganisationFact
from matchmaker.organisations.services.organisation import touch
from matchmaker.organisations.services.values import one_writer

#: Of one organisation, in bytes.
QUOTA = 50 * 1024 * 1024
REMOVE = "organisations.remove_evidence"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder and waits for its row."""

    name: str
    media_type: str
    size: int


def locked(session: Session, organisation: Organisation) -> Organisation:
    """Read it afresh under its lock: uploads and checks of one organisation go one by one."""
    # By its id alone: a row read under a lock is held against the version that was read before.
    held = select(Organisation.id).where(Organisation.id == organisation.id)
    if session.scalar(held.with_for_update(key_share=True)) is None:
        raise WrongState("the organisation is gone")
    session.refresh(organisation)
    return organisation


@one_writer
def keep_file(
    session: Session, organisation: Organisation, by: int, fact: str, kept: Kept
) -> EvidenceFile:
    """Name the file as this piece's; the old one goes, and with it what was checked of it."""
    organisation = locked(session, organisation)
    old = current(session, organisation.id, fact)
    if used(session, organisation.id) - (old.size if old else 0) + kept.size > QUOTA:
        raise UnfitFileError(Problem.NO_ROOM)
    if old is not None:
        drop(session, [old])
    row = EvidenceFile(
        organisation_id=organisation.id,
        fact=fact,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        uploaded_by_id=by,
    )
    session.add(row)
    said(session, organisation, fact)
    touch(session, organisation, by, "evidence")
    _record(session, "evidence.uploaded", by, organisation, fact)
    return row


@one_writer
def remove_file(session: Session, organisation: Organisation, by: int, fact: str) -> None:
    """The piece is only said again."""
    organisation = locked(session, organisation)
    row = current(session, organisation.id, fact)
    if row is None:
        raise WrongState("there is no file")
    drop(session, [row])
    said(session, organisation, fact)
    touch(session, organisation, by, "evidence")
    _record(session, "evidence.removed", by, organisation, fact)


def said(session: Session, organisation: Organisation, fact: str) -> OrganisationFact:
    """The piece as stated and no more: a check ends when the file changes."""
    query = select(OrganisationFact).where(
        OrganisationFact.organisation_id == organisation.id, OrganisationFact.fact == fact
    )
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        row = OrganisationFact(organisation_id=organisation.id, fact=fact, value=True)
        session.add(row)
    if not row.value:
        row.value, row.stated_at = True, clock.now()
    row.checked_on, row.checked_by, row.returned_note = None, "", ""
    row.checked_as = row.looked_at = None
    session.flush()
    session.expire(organisation, ["facts"])
    return row


def drop(session: Session, rows: Collection[EvidenceFile]) -> None:
    """Rows now, files once this is committed."""
    if not rows:
        return
    jobs.enqueue(session, REMOVE, names=[row.name for row in rows])
    gone = delete(EvidenceFile).where(EvidenceFile.id.in_([row.id for row in rows]))
    session.execute(gone.execution_options(synchronize_session=False))
    for row in rows:
        session.expunge(row)


def current(session: Session, organisation_id: int, fact: str) -> EvidenceFile | None:
    query = select(EvidenceFile).where(
        EvidenceFile.organisation_id == organisation_id, EvidenceFile.fact == fact
    )
    return session.scalar(query)


def of(session: Session, organisation_ids: Collection[int]) -> list[EvidenceFile]:
    query = select(EvidenceFile).where(EvidenceFile.organisation_id.in_(organisation_ids))
    return list(session.scalars(query.order_by(EvidenceFile.id)))


def used(session: Session, organisation_id: int) -> int:
    """Bytes of the organisation's files."""
    query = select(func.sum(EvidenceFile.size)).where(
        EvidenceFile.organisation_id == organisation_id
    )
    return int(session.scalar(query) or 0)


def delete_unnamed(session: Session, data: Path, names: Collection[str]) -> int:
    """Delete those of these files that no row names; gives how many."""
    named = set(session.scalars(select(EvidenceFile.name).where(EvidenceFile.name.in_(names))))
    loose = [name for name in names if store.is_name(name) and name not in named]
    for name in loose:
        store.remove(data, name)
    return len(loose)


def _record(
    session: Session, event: str, by: int | None, organisation: Organisation, fact: str
) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        code=fact,
    )
