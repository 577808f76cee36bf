"""Reply times: a histogram of 24 logarithmic bins on the organisation, medians read from it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.models.organisation import REPLY_BINS

#: Hours where each bin after the first begins: from a quarter of an hour to about 78 days.
EDGES = tuple(0.25 * 1.5**step for step in range(REPLY_BINS - 1))
SEEN_EVERY = timedelta(hours=1)


def bin_of(hours: float) -> int:
    return bisect_right(EDGES, hours)


def middle_of(index: int) -> float:
    """Hours in the (geometric) middle of a bin."""
    low = EDGES[index - 1] if index else EDGES[0] / 1.5
    return float(low * 1.5**0.5)


def median_hours(bins: Sequence[int]) -> float | None:
    """Give the middle of the bin that holds the median; None before the first reply."""
    total, below = sum(bins), 0
    for index, count in enumerate(bins):
        below += count
        if total and 2 * below >= total:
            return middle_of(index)
    return None


def note_reply(session: Session, organisation_id: int, waited: timedelta, at: datetime) -> None:
    """Count one answered request and its waiting time."""
    row = session.execute(
        select(Organisation.reply_bins).where(Organisation.id == organisation_id).with_for_update()
    ).scalar_one()
    bins = list(row)
    bins[bin_of(max(waited.total_seconds(), 0) / 3600)] += 1
    session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(reply_bins=bins, last_active_at=at)
    )
    changes.note(session, ChangeKind.ORGANISATION, organisation_id)


def seen_active(session: Session, organisation_id: int) -> None:
    """Keep when a member was last here, to the hour: a page a minute is not a write a minute."""
    now = clock.now()
    stale = or_(
        Organisation.last_active_at.is_(None), Organisation.last_active_at < now - SEEN_EVERY
    )
    done = session.scalar(
        update(Organisation)
        .where(Organisation.id == organisation_id, stale)
        .values(last_active_at=now, updated_at=Organisation.updated_at)
        .returning(Organisation.id)
    )
    if done is not None:
        changes.note(session, ChangeKind.ORGANISATION, organisation_id)
