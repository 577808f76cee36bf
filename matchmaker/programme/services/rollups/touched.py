"""What has to be counted again: the needs that something happened to, or all months."""

from __future__ import annotations

from collections.abc import Iterable
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
#: Of more needs than these, months are counted whole: that takes less for each.
MOST_NEEDS = 10_000


@dataclass(frozen=True, slots=True)
class Touched:
    #: To be counted whole; else the needs to be counted again.
    months: frozenset[date]
    needs: frozenset[int]
    #: What has been looked at; kept once all that is counted.
    change_n: int
    event_id: int


def touched(session: Session, everything: bool = False) -> Touched:
    state = session.get(CountState, 1)
    change_n = changes.latest(session)
    event_id = session.scalar(select(ContactEvent.id).order_by(ContactEvent.id.desc()).limit(1))
    needs: frozenset[int] | None = None
    if not everything and state is not None and state.counted_at is not None:
        needs = frozenset(_since(session, state, state.counted_at - OVERLAP))
    if needs is None or len(needs) > MOST_NEEDS:
        return Touched(frozenset(all_months(session)), frozenset(), change_n, event_id or 0)
    return Touched(frozenset(), needs, change_n, event_id or 0)


def all_months(session: Session) -> set[date]:
    """Those with a need, and those counted before, which may have none left."""
    published = session.scalars(
        select(Need.published_at).where(Need.published_at.is_not(None)).distinct()
    )
    found = {month_of(moment) for moment in published if moment is not None}
    return {*found, *session.scalars(select(RollupMonth.month))}


def _since(session: Session, state: CountState, at: datetime) -> set[int]:
    ids = {ChangeKind.NEED: set[int](), ChangeKind.ORGANISATION: set[int]()}
    newer = select(Change.kind, Change.row_id).where(Change.n > state.change_n)
    for kind, row_id in session.execute(newer.where(Change.kind.in_(list(ids)))):
        ids[kind].add(row_id)
    return {
        # One that is gone among them: what it added is taken off.
        *ids[ChangeKind.NEED],
        *_of_organisations(session, ids[ChangeKind.ORGANISATION]),
        *_of_requests(session, state.event_id, at),
        *session.scalars(select(Shown.need_id).where(Shown.day >= at.date()).distinct()),
        *_of_links(session, at),
    }


def _of_organisations(session: Session, ids: Iterable[int]) -> set[int]:
    """The needs they hold, and those of whom they vouch for or vouched for."""
    found = set[int]()
    for some in _batches(sorted(ids)):
        vouched = select(IntroducerLink.organisation_id).where(
            IntroducerLink.introducer_id.in_(some)
        )
        mine = or_(Need.organisation_id.in_(some), Need.organisation_id.in_(vouched))
        found.update(session.scalars(select(Need.id).where(mine)))
    return found


def _of_requests(session: Session, event_id: int, at: datetime) -> set[int]:
    newer = or_(ContactEvent.id > event_id, ContactEvent.at >= at)
    query = (
        select(ContactRequest.need_id)
        .join(ContactEvent, ContactEvent.contact_request_id == ContactRequest.id)
        .where(newer)
    )
    return set(session.scalars(query.distinct()))


def _of_links(session: Session, at: datetime) -> set[int]:
    moved = or_(IntroducerLink.consent_at >= at, IntroducerLink.ended_at >= at)
    query = select(Need.id).join(
        IntroducerLink, IntroducerLink.organisation_id == Need.organisation_id
    )
    return set(session.scalars(query.where(moved).distinct()))


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))
