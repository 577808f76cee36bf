"""How much inviting is asking, and from where on it is a mailing.

The limits are counted and the invitations written under the locks that ``hold`` takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Need,
    Organisation,
)

#: Firms that were ever asked into one group.
MOST_ASKED = 20
#: Invitations of one person or firm in a day, in all groups together.
INVITED_A_DAY = 20
#: Invitations that wait for one firm's answer at a time.
MOST_OPEN = 5
DAY = timedelta(days=1)
#: So long nobody asks the same firm again for the same offer, not in another group either.
ASKED_AGAIN_AFTER = timedelta(days=30)


class InvitedEnoughError(MatchmakerError):
    """None of these firms may be asked by this person now."""


def hold_people(session: Session, account_ids: Iterable[int | None]) -> None:
    """Of two invitations that count for one person the second counts the first.

    Before all else, as asking does; SQLite holds its one write lock already.
    """
    _hold(session, Account, account_ids)


def hold_firms(session: Session, organisation_ids: Iterable[int]) -> None:
    """The same for who coordinates, and for each firm that is asked, whose invitations count too.

    Before a group that goes on: suspending holds a firm first, then the groups that it is in.
    """
    _hold(session, Organisation, organisation_ids)


def _hold(
    session: Session, of: type[Account] | type[Organisation], ids: Iterable[int | None]
) -> None:
    # In one order, so that two never wait for each other.
    for row_id in sorted({one for one in ids if one is not None}):
        held(session, of, row_id)


def asked_lately(session: Session, organisation_id: int, by: int, offer_id: int) -> set[int]:
    """The firms that this firm or person has asked for this offer, in ended groups as well."""
    query = select(ConsortiumFirm.organisation_id).join(ConsortiumFirm.consortium)
    since = ConsortiumFirm.invited_at > clock.now() - ASKED_AGAIN_AFTER
    query = query.where(_asked_by(organisation_id, by), Consortium.offer_id == offer_id, since)
    return set(session.scalars(query))


def may_be_asked(session: Session, group: Consortium, by: int, needs: Sequence[Need]) -> list[Need]:
    """Those of other firms' needs that may be asked now; InvitedEnoughError if none of some may."""
    here = select(ConsortiumFirm.organisation_id).where(ConsortiumFirm.consortium_id == group.id)
    asked = set(session.scalars(here))
    new = {need.organisation_id: need for need in needs if need.organisation_id not in asked}
    if not new:
        return []
    left = min(MOST_ASKED - len(asked), INVITED_A_DAY - _today(session, group, by))
    out = asked_lately(session, group.coordinator_id, by, group.offer_id) | _full(session, new)
    some = [need for organisation_id, need in new.items() if organisation_id not in out]
    if left <= 0 or not some:
        raise InvitedEnoughError
    return some[:left]


def _asked_by(organisation_id: int, by: int) -> ColumnElement[bool]:
    return or_(Consortium.coordinator_id == organisation_id, Consortium.started_by_id == by)


def _today(session: Session, group: Consortium, by: int) -> int:
    query = select(func.count(ConsortiumFirm.id)).join(ConsortiumFirm.consortium)
    # Who leads a group was not invited to it.
    others = ConsortiumFirm.organisation_id != Consortium.coordinator_id
    since = ConsortiumFirm.invited_at > clock.now() - DAY
    return session.scalar(query.where(_asked_by(group.coordinator_id, by), since, others)) or 0


def _full(session: Session, new: dict[int, Need]) -> set[int]:
    """Firms that have as many invitations to answer as one may have."""
    query = select(ConsortiumFirm.organisation_id).where(
        ConsortiumFirm.organisation_id.in_(new),
        ConsortiumFirm.state == FirmState.INVITED,
        ConsortiumFirm.expires_at > clock.now(),
    )
    many = func.count(ConsortiumFirm.id) >= MOST_OPEN
    return set(session.scalars(query.group_by(ConsortiumFirm.organisation_id).having(many)))
