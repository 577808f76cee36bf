"""Who leaves hands over what stands at the desk, and its views send no more mail."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.services import leaving, membership
from matchmaker.screening.models import EntryTask, SavedView, ViewMail
from tests.screening.lines import make_desk


def test_firms_and_tasks_of_the_desk_go_to_who_takes_over(db_session: Session) -> None:
    desk = make_desk(db_session)
    funder, leaver = desk.scene.funder, desk.scene.banker
    entry = desk.put_in()
    entry.assignee_id = leaver.id
    view = SavedView(organisation_id=funder.id, slot=1, offer_id=desk.scene.offer.id, name="All")
    task = EntryTask(
        entry_id=entry.id, organisation_id=funder.id, text="Call", due_on=date(2027, 1, 4),
        account_id=leaver.id,
    )  # fmt: skip
    db_session.add_all([view, task])
    db_session.flush()
    db_session.add(ViewMail(view_id=view.id, account_id=leaver.id, least=60))
    db_session.commit()
    row, to = (
        membership.membership_of(db_session, one.id, funder.id) for one in (leaver, desk.colleague)
    )
    assert row is not None
    leaving.leave(db_session, row, leaver.id, to)
    db_session.commit()
    db_session.expire_all()
    assert entry.assignee_id == task.account_id == desk.colleague.id
    assert db_session.scalars(select(ViewMail)).all() == []
