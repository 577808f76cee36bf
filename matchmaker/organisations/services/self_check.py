"""Going through the self-check, keeping it over time, and letting matches use it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import Organisation, SelfCheck, SelfCheckSharing
from matchmaker.organisations.services import readiness
from matchmaker.organisations.services.organisation import note_all
from matchmaker.organisations.services.self_check_points import result
from matchmaker.vocabulary.self_check import EDITIONS, Edition, current

#: Days that a page shows; older ones stay in the export.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class History:
    """What there is: the check being filled in, and the days that count, the newest first."""

    open: SelfCheck | None
    counted: Sequence[SelfCheck]

    @property
    def latest(self) -> SelfCheck | None:
        return self.counted[0] if self.counted else None

    @property
    def answers(self) -> dict[str, str]:
        """What the questions show as answered: going through them again begins with the last."""
        begun = self.open or self.latest
        return current().fitting(begun.answers) if begun else {}


def history(session: Session, organisation: Organisation) -> History:
    """In one query; read afresh, for whoever holds the lock."""
    query = (
        select(SelfCheck)
        .where(SelfCheck.organisation_id == organisation.id)
        .options(joinedload(SelfCheck.introducer))
        .order_by(SelfCheck.day.is_not(None), SelfCheck.day.desc())
        .limit(SHOWN + 1)
        .execution_options(populate_existing=True)
    )
    rows = session.scalars(query).all()
    being_filled = [row for row in rows if row.day is None]
    counted = [row for row in rows if row.day is not None]
    return History(being_filled[0] if being_filled else None, counted[:SHOWN])


def seen(edition: Edition, dimension: str, answers: Mapping[str, str]) -> int:
    """A number for what one dimension's page showed: two may fill in two pages at once."""
    asked = [question.code for question in edition.by_dimension[dimension]]
    return zlib.crc32(" ".join(answers.get(code, "") for code in asked).encode()) % 10**9


def save(
    session: Session,
    organisation: Organisation,
    by: int | None,
    dimension: str,
    answers: Mapping[str, str],
    *,
    version: int | None = None,
    introducer_id: int | None = None,
) -> SelfCheck | None:
    """Keep one page of answers; the first one begins a check with the answers of the last.

    None: nothing was answered yet, and there is nothing to keep.

    Raises StaleVersion where somebody saved other answers to this page meanwhile.
    """
    _lock(session, organisation)
    edition, known = current(), history(session, organisation)
    asked = {question.code for question in edition.by_dimension[dimension]}
    page = {code: answer for code, answer in edition.fitting(answers).items() if code in asked}
    held = {code: answer for code, answer in known.answers.items() if code in asked}
    if page != held and version not in (None, seen(edition, dimension, known.answers)):
        raise StaleVersion
    kept = {code: answer for code, answer in known.answers.items() if code not in asked}
    row = known.open
    if row is None:
        if not kept and not page:
            return None
        row = SelfCheck(organisation_id=organisation.id, edition=edition.version, answers={})
        session.add(row)
    row.edition, row.answers = edition.version, edition.fitting(kept | page)
    row.saved_at, row.filled_by_id = clock.now(), by
    row.introducer_id = introducer_id or row.introducer_id
    session.flush()
    return row


def finish(session: Session, organisation: Organisation, by: int, day: date) -> SelfCheck:
    """Count what is filled in for this day, in the place of an earlier one of the day.

    Raises WrongState where nothing is being filled in, or nothing is answered.
    """
    _lock(session, organisation)
    row = history(session, organisation).open
    if row is None or not row.answers:
        raise WrongState
    mine = SelfCheck.organisation_id == organisation.id
    session.execute(delete(SelfCheck).where(mine, SelfCheck.day == day))
    row.day, row.score = day, result(EDITIONS[row.edition], row.answers).score
    session.flush()
    _record(session, "self_check.finished", by, organisation, row.edition)
    _feed(session, organisation)
    return row


def is_shared(session: Session, organisation: Organisation) -> SelfCheckSharing | None:
    return session.scalar(
        select(SelfCheckSharing).where(
            SelfCheckSharing.organisation_id == organisation.id,
            SelfCheckSharing.ended_at.is_(None),
        )
    )


def share(session: Session, organisation: Organisation, by: int) -> None:
    """Let matches use the digital answers from now on; a second press changes nothing."""
    _lock(session, organisation)
    if is_shared(session, organisation) is not None:
        return
    session.add(SelfCheckSharing(organisation_id=organisation.id, given_by_id=by))
    session.flush()
    _record(session, "self_check.shared", by, organisation)
    _feed(session, organisation)


def stop_sharing(session: Session, organisation: Organisation, by: int) -> None:
    """Matches forget the answers with this transaction; a second press changes nothing."""
    _lock(session, organisation)
    standing = (
        update(SelfCheckSharing)
        .where(
            SelfCheckSharing.organisation_id == organisation.id,
            SelfCheckSharing.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), ended_by_id=by)
        .returning(SelfCheckSharing.id)
    )
    if session.scalar(standing) is None:
        return
    _record(session, "self_check.unshared", by, organisation)
    _feed(session, organisation)


def drop(session: Session, organisation_id: int) -> None:
    """Forget all of it with the organisation's other answers."""
    for model in (SelfCheck, SelfCheckSharing):
        session.execute(delete(model).where(model.organisation_id == organisation_id))


def _lock(session: Session, organisation: Organisation) -> None:
    """Those who fill in, finish and share for one organisation go one by one."""
    locked = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(locked.with_for_update(key_share=True))


def _feed(session: Session, organisation: Organisation) -> None:
    """Not through the row's version: nobody who edits the profile is overtaken by it."""
    value = readiness.counted(session, organisation)
    changed = (
        update(Organisation)
        .where(Organisation.id == organisation.id, Organisation.readiness.is_distinct_from(value))
        .values(readiness=value)
        .returning(Organisation.id)
    )
    if session.scalar(changed) is not None:
        session.refresh(organisation, ["readiness"])
        note_all(session, organisation)


def _record(
    session: Session, event: str, by: int, organisation: Organisation, code: str = ""
) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        code=code,
    )
