"""Organisations that one import brought in: published together, as far as nothing is open."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from matchmaker import jobs
from matchmaker.accounts.access import StaffScope
from matchmaker.errors import WrongState
from matchmaker.jobs import Job, JobState
from matchmaker.organisations import services
from matchmaker.organisations.models import Membership, Organisation, OrganisationState
from matchmaker.organisations.services import review, twin
from matchmaker.programme.services.scopes import organisations_in
from matchmaker.suggestions import versions
from matchmaker.tasks import Task, TaskKind, TaskState

PUBLISH = "programme.publish_import"
#: One publication is some thirty statements: more than these are a job.
AT_ONCE = 50
#: More than a request applies to the index by itself: it then shows with the next snapshot.
MANY = 500
LISTED = 50


class Open(enum.StrEnum):
    """Why somebody has to look at one by itself."""

    MISSING = "missing"
    TWIN = "twin"
    REPORTED = "reported"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Import:
    """How many of an import wait; `introducer` is empty for the programme's own."""

    id: str
    introducer: str
    introducer_lang: str
    total: int
    submitted_at: datetime | None


@dataclass(slots=True)
class Sorted:
    """What waits of one import: publishable as it is, or left for a closer look."""

    ready: list[Organisation] = field(default_factory=list)
    left: list[tuple[Organisation, Open]] = field(default_factory=list)


def waiting(session: Session, scope: StaffScope) -> list[Import]:
    """Give the imports of which more than one waits, the oldest first."""
    introducer = aliased(Organisation)
    first = func.min(Organisation.submitted_at)
    query = (
        select(
            Organisation.import_id,
            introducer.name,
            introducer.name_lang,
            func.count(Organisation.id),
            first,
        )
        .outerjoin(introducer, Organisation.source == "introducer:" + introducer.public_id)
        .where(
            Organisation.state == OrganisationState.IN_REVIEW,
            Organisation.import_id.is_not(None),
            organisations_in(scope),
        )
        .group_by(Organisation.import_id, introducer.name, introducer.name_lang)
        .having(func.count(Organisation.id) > 1)
        .order_by(first, Organisation.import_id)
        .limit(LISTED)
    )
    return [
        Import(import_id or "", name or "", lang or "", total, at)
        for import_id, name, lang, total, at in session.execute(query)
    ]


def is_known(session: Session, scope: StaffScope, import_id: str) -> bool:
    query = select(Organisation.id).where(
        Organisation.import_id == import_id, organisations_in(scope)
    )
    return session.scalar(query.limit(1)) is not None


def sort_out(session: Session, scope: StaffScope, import_id: str, by_id: int) -> Sorted:
    own = exists().where(
        Membership.organisation_id == Organisation.id, Membership.account_id == by_id
    )
    reported = exists().where(
        Task.organisation_id == Organisation.id,
        Task.kind == TaskKind.REPORT,
        Task.state == TaskState.OPEN,
    )
    query = (
        select(Organisation, twin.has_twin(), reported, own)
        .where(
            Organisation.import_id == import_id,
            Organisation.state == OrganisationState.IN_REVIEW,
            organisations_in(scope),
        )
        .order_by(Organisation.submitted_at, Organisation.id)
    )
    found = Sorted()
    for row, has_twin, is_reported, is_own in session.execute(query):
        why = _why(row, has_twin, is_reported, is_own)
        if why is None:
            found.ready.append(row)
        else:
            found.left.append((row, why))
    return found


def _why(row: Organisation, has_twin: bool, reported: bool, own: bool) -> Open | None:
    if review.missing(row):
        return Open.MISSING
    if has_twin:
        return Open.TWIN
    if reported:
        return Open.REPORTED
    return Open.OWN if own else None


def publish(session: Session, rows: Sequence[Organisation], by_id: int) -> int:
    """Publish them one by one, each with its own audit event; gives how many.

    One that somebody else has decided about meanwhile is passed over.
    """
    done = 0
    for row in rows:
        try:
            services.approve(session, row, by_id)
        except WrongState:
            continue
        done += 1
    return done


def ask(session: Session, import_id: str, by_id: int, total: int) -> None:
    """Have a job publish them; raises WrongState when one waits already."""
    job = jobs.enqueue(
        session,
        PUBLISH,
        key=_key(import_id),
        account_id=by_id,
        import_id=import_id,
        account=by_id,
    )
    if job is None:
        raise WrongState
    job.total = total


def under_way(session: Session, import_id: str) -> Job | None:
    states = (JobState.QUEUED, JobState.RUNNING)
    query = select(Job).where(Job.unique_key == _key(import_id), Job.state.in_(states))
    return session.scalars(query.limit(1)).first()


def publish_all(
    session: Session, scope: StaffScope, import_id: str, by_id: int, say: Callable[[int], None]
) -> int:
    """Publish what is ready in steps that each end in a commit, so that nobody waits long."""
    ids = [row.id for row in sort_out(session, scope, import_id, by_id).ready]
    done = 0
    for at in range(0, len(ids), AT_ONCE):
        query = select(Organisation).where(
            Organisation.id.in_(ids[at : at + AT_ONCE]),
            Organisation.state == OrganisationState.IN_REVIEW,
        )
        rows = session.scalars(query.order_by(Organisation.id)).all()
        done += publish(session, rows, by_id)
        say(done)
    if done > MANY:
        jobs.enqueue(session, versions.REBUILD, key=versions.REBUILD)
    return done


def _key(import_id: str) -> str:
    return f"publish:{import_id}"
