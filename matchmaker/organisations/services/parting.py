"""An introducer acts no longer: what its people had in hand of others is out of their hands.

Rooms above know what there is to let go of; they enter the step here.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Membership

#: (session, organisation through which others were reached, account): of what the account reaches
#: in no other way it holds and hears nothing any more.
LetGo = Callable[[Session, int, int], None]
steps: list[LetGo] = []


def on_parting(step: LetGo) -> None:
    if step not in steps:
        steps.append(step)


def part(session: Session, introducer_id: int, reached_id: int) -> None:
    """The people of an introducer let go of an organisation and of what they reached through it;
    of all that it introduced where the organisation is the introducer itself."""
    people = select(Membership.account_id).where(Membership.organisation_id == introducer_id)
    session.flush()
    for account_id in session.scalars(people.order_by(Membership.id)).all():
        for step in steps:
            step(session, reached_id, account_id)
