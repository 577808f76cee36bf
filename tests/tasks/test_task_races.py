"""Two colleagues who take one task, or finish it, at once: one has it, and the log says who."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker import tasks
from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.programme.services import desk
from matchmaker.tasks import Task, TaskKind, TaskState
from tests.contacts.test_races import at_once
from tests.factories import OrganisationFactory, StaffFactory
from tests.page import PageClient

pytestmark = pytest.mark.slow


def open_one(number: int = 7) -> int:
    tasks.open(db.session(), TaskKind.NO_MATCH, "need", number, province="LA-LP")
    db.session.commit()
    return db.session.scalars(select(Task.id).order_by(Task.id.desc())).first() or 0


def events() -> list[tuple[str, int | None]]:
    query = select(AuditEvent).where(AuditEvent.subject == "task").order_by(AuditEvent.id)
    rows = db.session.scalars(query)
    return [(row.event, row.account_id) for row in rows]


def test_of_all_who_take_a_task_that_they_saw_free_one_has_it(app: Flask) -> None:
    people = [StaffFactory().id for _ in range(6)]
    for number in range(4):
        seen, before = db.session.get_one(Task, open_one(number)), events()
        db.session.commit()
        db.session.expunge(seen)

        def take(by: int, seen: Task = seen) -> None:
            """As each of them read it, before any of the others took it."""
            session = db.session()
            task, account = session.merge(seen, load=False), session.get_one(Account, by)
            desk.give(session, task, account, by)

        found = at_once(app, [lambda by=by: take(by) for by in people])
        assert Counter(found) == {"done": 1, "WrongState": 5}
        winner = people[found.index("done")]
        assert db.session.get_one(Task, seen.id).assigned_to_id == winner
        assert events() == [*before, ("task.taken", winner)]


def test_taken_and_finished_at_once_it_is_done_once(app: Flask) -> None:
    by, task_id = StaffFactory().id, open_one()

    def row() -> Task:
        return db.session.get_one(Task, task_id)

    steps = [lambda: tasks.done(db.session(), row(), by)] * 4
    steps += [lambda: tasks.assign(db.session(), row(), by, by)] * 2
    found = at_once(app, steps)
    assert Counter(found[:4]) == {"done": 1, "WrongState": 3}
    assert set(found[4:]) <= {"done", "WrongState"}
    assert row().state is TaskState.DONE
    assert Counter(event for event, _by in events())["task.done"] == 1


@pytest.mark.both
def test_a_task_that_a_colleague_took_meanwhile_is_not_taken_from_an_old_page(
    app: Flask, page: PageClient
) -> None:
    organisation = OrganisationFactory()
    tasks.open(
        db.session(), TaskKind.OTHER, "organisation", organisation.id,
        organisation_id=organisation.id,
    )  # fmt: skip
    one, other = StaffFactory(), StaffFactory()
    db.session.commit()
    at, second = page.sign_in(one), PageClient(app).sign_in(other)
    mine, theirs = at.get("/programme/tasks"), second.get("/programme/tasks")
    take = "form[action$=take]"
    assert "It is yours." in second.follow(second.submit(theirs, take)).text
    refused = at.follow(at.submit(mine, take))
    assert "Somebody else changed this just now." in refused.text
    held = select(Task.assigned_to_id)
    assert db.session.scalars(held).one() == other.id
    # Who sees in whose hands it is may still take it over.
    assert "It is yours." in at.follow(at.submit(refused, take)).text
    assert db.session.scalars(held).one() == one.id
    assert [event for event, _by in events()] == ["task.taken", "task.taken"]


@pytest.mark.both
def test_a_task_that_a_colleague_took_over_is_not_given_back_from_an_old_page(
    app: Flask, page: PageClient
) -> None:
    one, other = StaffFactory(), StaffFactory()
    organisation = OrganisationFactory()
    tasks.open(
        db.session(), TaskKind.OTHER, "organisation", organisation.id,
        organisation_id=organisation.id, assigned_to_id=one.id,
    )  # fmt: skip
    db.session.commit()
    at, second = page.sign_in(one), PageClient(app).sign_in(other)
    mine = at.get("/programme/tasks")
    second.submit(second.get("/programme/tasks"), "form[action$=take]")
    refused = at.follow(at.submit(mine, "form[action$=leave]"))
    assert "Somebody else changed this just now." in refused.text
    assert db.session.scalars(select(Task.assigned_to_id)).one() == other.id
