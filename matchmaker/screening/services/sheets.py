"""A saved view taken out as a sheet: each firm in it counts as one that its reader looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock
from matchmaker.organisations.services import membership
from matchmaker.screening.models import SavedView
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import budget
from matchmaker.suggestions.services.listed import Listed
from matchmaker.suggestions.services.shown import Sight, write_shown

#: How many firms a sheet may hold.
SIZES = (20, 50, 100)


@dataclass
class SheetTooLongError(MatchmakerError):
    """More firms than the reader may look at today; `left` are."""

    left: int


def left_today(session: Session, view: SavedView, account_id: int) -> int:
    seen = budget.ids_seen_today(session, view.offer, account_id)
    return max(0, budget.NEEDS_A_DAY - len(seen))


def count(
    session: Session, view: SavedView, account_id: int, version: int, listed: Sequence[Listed]
) -> None:
    """Take these firms from the day's budget and write down who took them; or SheetTooLongError.

    Two sheets at once take turns: colleagues share one budget, so all of their rows are held.
    """
    membership.lock_all(session, view.organisation_id)
    seen = budget.ids_seen_today(session, view.offer, account_id)
    left = max(0, budget.NEEDS_A_DAY - len(seen))
    if len({one.need.id for one in listed} - seen) > left:
        raise SheetTooLongError(left)
    if listed:
        write_shown(session, [_sight(one, version) for one in listed])
    audit.record(
        session,
        "view.sheet_taken",
        account_id=account_id,
        subject="saved_view",
        subject_id=view.id,
        organisation_id=view.organisation_id,
        code=str(len(listed)),
    )


def _sight(one: Listed, version: int) -> Sight:
    today = clock.today()
    return Sight(one.need.id, one.offer.id, Side.OFFER, today, version, one.position)
