"""Model versions as staff look at them: what changed when, who gained, what points were worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.errors import WrongState
from matchmaker.extensions import transactions
from matchmaker.matching.parity import REST
from matchmaker.programme.models import VersionSight
from matchmaker.programme.services import version_sights
from matchmaker.programme.services.version_sights import DIMENSIONS
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import ModelVersion, PointsBin
from matchmaker.suggestions.services import calibration, parity

LISTED = 20
#: Groups seen less often than this under either version are left out: chance moves them.
LEAST_SEEN = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of the list."""

    row: ModelVersion
    #: False once its content was let go.
    usable: bool
    #: Name of who published it; empty where a job did, or where nobody did yet.
    by: str
    #: When it was put in force before that, and by whom, oldest first.
    before: Sequence[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class Move:
    """How a group was seen under two versions: its share of all sights, and its mean place."""

    value: str
    share: tuple[float, float]
    place: tuple[float, float]
    seen: tuple[int, int]


def history(session: Session) -> list[Entry]:
    """The newest versions, whatever became of them, and the newest that ever were in force.

    A draft a week would push out the one in force, and those one can go back to.
    """
    numbers = select(ModelVersion.number)
    newest = numbers.order_by(ModelVersion.number.desc()).limit(LISTED)
    were_in_force = numbers.order_by(ModelVersion.published_at.desc()).limit(LISTED)
    published = ModelVersion.published_at.is_not(None)
    usable = func.length(ModelVersion.content) > 0
    query = (
        select(ModelVersion, usable, Account.name)
        .outerjoin(Account, Account.id == ModelVersion.published_by_id)
        .where(
            or_(
                ModelVersion.number.in_(newest),
                ModelVersion.number.in_(were_in_force.where(published)),
            )
        )
        .order_by(ModelVersion.number.desc())
    )
    found = session.execute(query).all()
    before = _put_in_force(session, [row.id for row, _, _ in found])
    return [Entry(row, bool(kept), name or "", before[row.id][:-1]) for row, kept, name in found]


def _put_in_force(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[datetime, str]]]:
    """When each was put in force, and by whom: a version itself knows of the last time only."""
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    query = (
        select(AuditEvent.subject_id, AuditEvent.at, Account.name)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .where(
            AuditEvent.subject == ModelVersion.__tablename__,
            AuditEvent.subject_id.in_(ids),
            AuditEvent.event == versions.PUBLISHED,
        )
        .order_by(AuditEvent.id)
    )
    for row_id, at, name in session.execute(query):
        if row_id is not None:
            found[row_id].append((at, name or ""))
    return found


def find(session: Session, number: int) -> ModelVersion | None:
    return session.scalar(select(ModelVersion).where(ModelVersion.number == number))


def publish(session: Session, row: ModelVersion, seen_in_force: int, by_id: int) -> None:
    """Put a draft in force, or go back to an earlier version.

    WrongState when another version is in force than the one its reader saw, when this one is in
    force already, or when its content was let go.
    """
    current = versions.lock_in_force(session)
    if current != seen_in_force or current == row.number or not row.content:
        raise WrongState("another version is in force, or this one cannot be")
    versions.publish(session, row, by_id, "back" if row.number < current else "")
    # What was counted when it was last in force is not of the last 30 days.
    row.figures = {key: kept for key, kept in row.figures.items() if key != parity.PARITY}


def moves(session: Session) -> tuple[tuple[int, int] | None, dict[str, list[Move]]]:
    """The two versions last in force that anybody saw, older first, and how each group moved.

    Not the two highest numbers: who goes back to an earlier version asks what that changed.
    """
    query = (
        select(VersionSight.version, ModelVersion.published_at)
        .outerjoin(ModelVersion, ModelVersion.number == VersionSight.version)
        .distinct()
    )
    # The programme's own weights hold before any version is published, and have no row.
    since = {number: at.timestamp() if at else 0.0 for number, at in session.execute(query)}
    newest = sorted(since, key=lambda number: (since[number], number))[-2:]
    by_version: dict[int, list[VersionSight]] = defaultdict(list)
    for row in session.scalars(select(VersionSight).where(VersionSight.version.in_(newest))):
        by_version[row.version].append(row)
    if len(newest) < 2:
        return None, {}
    before, after = (_groups(by_version[version]) for version in newest)
    found = {name: _moves(before.get(name, {}), after.get(name, {})) for name in DIMENSIONS}
    return (newest[0], newest[1]), found


def bins(session: Session) -> Sequence[PointsBin]:
    return list(session.scalars(select(PointsBin).order_by(PointsBin.kind, PointsBin.least)))


def count(session: Session, engine: Engine) -> None:
    """The job: sights, requests by points and parity, read beside the writing transaction."""
    with transactions.reading_session(engine) as reading:
        sights = version_sights.counted(reading)
        points = calibration.read_bins(reading)
        groups = parity.plain(parity.report(reading))
    session.execute(delete(VersionSight))
    if sights:
        session.execute(insert(VersionSight), sights)
    calibration.write_bins(session, points)
    parity.keep(session, groups)
    session.commit()


def _groups(rows: Sequence[VersionSight]) -> dict[str, dict[str, VersionSight]]:
    found: dict[str, dict[str, VersionSight]] = defaultdict(dict)
    for row in rows:
        found[row.dimension][row.value] = row
    return found


def _moves(before: Mapping[str, VersionSight], after: Mapping[str, VersionSight]) -> list[Move]:
    """Groups by how far their share moved, who gained most first."""
    totals = tuple(max(sum(row.seen for row in side.values()), 1) for side in (before, after))
    found = [
        Move(
            value,
            (before[value].seen / totals[0], after[value].seen / totals[1]),
            (before[value].places / before[value].seen, after[value].places / after[value].seen),
            (before[value].seen, after[value].seen),
        )
        for value in before.keys() & after.keys() - {REST}
        if min(before[value].seen, after[value].seen) >= LEAST_SEEN
    ]
    return sorted(found, key=lambda move: (move.share[0] - move.share[1], move.value))
