"""Tasks: opened once, given out, done once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker import tasks
from matchmaker.errors import WrongState
from matchmaker.tasks import TaskKind, TaskState
from matchmaker.tasks.services import settle
from tests.factories import AccountFactory, OrganisationFactory


def test_the_same_thing_to_do_is_opened_once(db_session: Session) -> None:
    for _ in range(3):
        tasks.open(db_session, TaskKind.AFTER_DECLINE, "contact_request", 7, province="LA-LP")
    assert len(tasks.waiting(db_session)) == 1


def test_what_is_done_can_be_opened_again(db_session: Session) -> None:
    account = AccountFactory()
    tasks.open(db_session, TaskKind.REVIEW, "organisation", 7)
    [task] = tasks.waiting(db_session)
    tasks.done(db_session, task, account.id)
    assert task.state is TaskState.DONE
    assert task.done_by_id == account.id
    tasks.open(db_session, TaskKind.REVIEW, "organisation", 7)
    assert len(tasks.waiting(db_session)) == 1


def test_a_task_that_is_done_cannot_be_given_out(db_session: Session) -> None:
    account = AccountFactory()
    tasks.open(db_session, TaskKind.REPORT, "organisation", 7)
    [task] = tasks.waiting(db_session)
    tasks.assign(db_session, task, account.id, account.id)
    assert task.assigned_to_id == account.id
    tasks.done(db_session, task, account.id)
    with pytest.raises(WrongState):
        tasks.assign(db_session, task, None, account.id)
    with pytest.raises(WrongState):
        tasks.done(db_session, task, account.id)


def test_what_settles_itself_leaves_the_list(db_session: Session) -> None:
    tasks.open(db_session, TaskKind.NO_MATCH, "need", 7)
    settle(db_session, TaskKind.NO_MATCH, "need", 7)
    assert tasks.waiting(db_session) == []


def test_staff_see_tasks_of_their_scope(db_session: Session) -> None:
    own, other = OrganisationFactory(), OrganisationFactory()
    for number, (province, organisation) in enumerate(
        [("LA-LP", own), ("LA-SV", other), (None, None)]
    ):
        tasks.open(
            db_session,
            TaskKind.OTHER,
            "organisation",
            number,
            province=province,
            organisation_id=organisation.id if organisation else None,
        )
    assert [t.subject_id for t in tasks.waiting(db_session, provinces={"LA-LP"})] == [0]
    assert [t.subject_id for t in tasks.waiting(db_session, organisation_ids={other.id})] == [1]
    assert [t.subject_id for t in tasks.waiting(db_session)] == [0, 1, 2]
