"""Somebody leaves an organisation: what was in their hands goes to a colleague, in one step.

What rooms above hold for a person of an organisation they hand over themselves: they enter the
step here, as holders of personal data do.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.errors import WrongState
from matchmaker.organisations.models import (
    FormerMember,
    IntroducerLink,
    Membership,
    MembershipRole,
)
from matchmaker.organisations.services import membership, notice
from matchmaker.organisations.services.errors import LastOwnerError

#: (session, organisation, who leaves, who takes over or nobody): accounts by their ids.
Handover = Callable[[Session, int, int, int | None], None]
handovers: list[Handover] = []


def on_leaving(step: Handover) -> None:
    if step not in handovers:
        handovers.append(step)


def colleagues(session: Session, row: Membership) -> list[Membership]:
    """Who could take over."""
    everybody = membership.members(session, row.organisation)
    return [one for one in everybody if one.id != row.id]


def is_last_owner(session: Session, row: Membership) -> bool:
    return row.role is MembershipRole.OWNER and not membership.other_owners(session, row)


def leave(session: Session, row: Membership, by: int, to: Membership | None = None) -> None:
    """End a membership and hand over; where no owner is left, the colleague becomes one.

    Raises LastOwnerError where nobody takes over from the last owner, WrongState when the
    membership, or that of the colleague, has ended meanwhile.
    """
    organisation_id, leaver = row.organisation_id, row.account_id
    own = f"/organisations/{row.organisation.public_id}"
    membership.lock_all(session, organisation_id)
    if to is not None and (to.organisation_id != organisation_id or to.account_id == leaver):
        raise ValueError("a colleague takes over")
    successor = None if to is None else to.account_id
    _still_there(session, [row] if to is None else [row, to])
    if is_last_owner(session, row):
        if to is None:
            raise LastOwnerError
        membership.change_role(session, to, by, MembershipRole.OWNER)
    _end(session, row, by, successor)
    theirs = or_(
        tasks.Task.organisation_id == organisation_id,
        tasks.Task.organisation_id.in_(
            select(IntroducerLink.organisation_id).where(
                IntroducerLink.introducer_id == organisation_id
            )
        ),
    )
    tasks.hand_over(session, leaver, successor, theirs)
    told = notifications.unread_paths(session, leaver)
    notifications.call_off(session, leaver, {path for path in told if path.startswith(own)})
    for step in handovers:
        step(session, organisation_id, leaver, successor)
    # Nobody is told of what they took themselves.
    if to is not None and successor != by:
        name, path = to.organisation.name, f"{own}/who-did-what"
        notice.tell_account(session, to.account, "member.takes_over", name=name, path=path)


def _still_there(session: Session, rows: list[Membership]) -> None:
    ids = [row.id for row in rows]
    found = session.scalars(select(Membership.id).where(Membership.id.in_(ids))).all()
    if len(found) != len(ids):
        raise WrongState("the membership has ended")


def _end(session: Session, row: Membership, by: int, successor: int | None) -> None:
    membership.record(session, "membership.removed", by, row)
    session.add(
        FormerMember(
            organisation_id=row.organisation_id,
            account_id=row.account_id,
            role=row.role,
            joined_at=row.created_at,
            ended_by_id=by,
            handed_to_id=successor,
        )
    )
    session.flush()
    session.execute(
        delete(Membership)
        .where(Membership.id == row.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(row)
