"""Which months have to be counted again: those of the needs that something happened to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactEvent, ContactRequest
from matchmaker.extensions import changes
from matchmaker.extensions.changes import Change, ChangeKind
from matchmaker.organisations.models import IntroducerLink, Need
from matchmaker.programme.models import CountState, RollupMonth
from matchmaker.programme.services.rollups.months import month_of
from matchmaker.suggestions.models import Shown

#: Ids and times are given before the commit: what was under way during the last count is newer
#: than it looks.
OVERLAP = timedelta(hours=1)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Touched:
    months: frozenset[date]
    #: What has been looked at; kept once these months are counted.
    change_n: int
    event_id: int


def touched(session: Session, everything: bool = False) -> Touched:
    state = session.get(CountState, 1)
    change_n = changes.latest(session)
    event_id = session.scalar(select(ContactEvent.id).order_by(ContactEvent.id.desc()).limit(1))
    found: Collection[date]
    if everything or state is None or state.counted_at is None:
        found = all_months(session)
    else:
        found = _since(session, state, state.counted_at - OVERLAP)
    return Touched(frozenset(found), change_n, event_id or 0)


def all_months(session: Session) -> set[date]:
    """Those with a need, and those counted before, which may have none left."""
    published = session.scalars(
        select(Need.published_at).where(Need.published_at.is_not(None)).distinct()
    )
    return {*_months(published), *session.scalars(select(RollupMonth.month))}


def _since(session: Session, state: CountState, at: datetime) -> set[date]:
    ids = {ChangeKind.NEED: set[int](), ChangeKind.ORGANISATION: set[int]()}
    newer = select(Change.kind, Change.row_id).where(Change.n > state.change_n)
    for kind, row_id in session.execute(newer.where(Change.kind.in_(list(ids)))):
        ids[kind].add(row_id)
    needs, gone = _of_needs(session, ids[ChangeKind.NEED])
    if gone:
        return all_months(session)
    return {
        *needs,
        *_of_organisations(session, ids[ChangeKind.ORGANISATION]),
        *_of_requests(session, state.event_id, at),
        *_of_shown(session, at.date()),
        *_of_links(session, at),
    }


def _of_needs(session: Session, ids: Iterable[int]) -> tuple[set[date], bool]:
    """Their months, and whether one is no longer there: its month is not known then."""
    found, waiting = set[date](), sorted(ids)
    rows = 0
    for some in _batches(waiting):
        published = session.scalars(select(Need.published_at).where(Need.id.in_(some))).all()
        rows += len(published)
        found |= _months(published)
    return found, rows < len(waiting)


def _of_organisations(session: Session, ids: Iterable[int]) -> set[date]:
    """Of the needs they hold, and of those they vouch for or vouched for."""
    found = set[date]()
    for some in _batches(sorted(ids)):
        vouched = select(IntroducerLink.organisation_id).where(
            IntroducerLink.introducer_id.in_(some)
        )
        mine = or_(Need.organisation_id.in_(some), Need.organisation_id.in_(vouched))
        found |= _months(session.scalars(select(Need.published_at).where(mine).distinct()))
    return found


def _of_requests(session: Session, event_id: int, at: datetime) -> set[date]:
    newer = or_(ContactEvent.id > event_id, ContactEvent.at >= at)
    query = (
        select(Need.published_at)
        .join(ContactRequest, ContactRequest.need_id == Need.id)
        .join(ContactEvent, ContactEvent.contact_request_id == ContactRequest.id)
        .where(newer)
    )
    return _months(session.scalars(query.distinct()))


def _of_shown(session: Session, day: date) -> set[date]:
    query = select(Need.published_at).join(Shown, Shown.need_id == Need.id).where(Shown.day >= day)
    return _months(session.scalars(query.distinct()))


def _of_links(session: Session, at: datetime) -> set[date]:
    moved = or_(IntroducerLink.consent_at >= at, IntroducerLink.ended_at >= at)
    query = (
        select(Need.published_at)
        .join(IntroducerLink, IntroducerLink.organisation_id == Need.organisation_id)
        .where(moved)
    )
    return _months(session.scalars(query.distinct()))


def _months(moments: Iterable[datetime | None]) -> set[date]:
    return {month_of(moment) for moment in moments if moment is not None}


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))
