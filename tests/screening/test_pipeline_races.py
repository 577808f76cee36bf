"""Two colleagues at once: one wins, the other is told, nothing is lost; on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock, db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import Offer, Organisation
from matchmaker.organisations.services import leaving, membership
from matchmaker.screening.models import (
    EntryEvent,
    EntryEventKind,
    EntryTask,
    PipelineEntry,
    PipelinePass,
    PipelineStage,
    SavedView,
    ViewOrder,
)
from matchmaker.screening.services import (
    entry_tasks,
    passing,
    pipeline,
    saved_views,
    stages,
)
from matchmaker.screening.services.entry_tasks import Todo
from matchmaker.screening.services.stages import key_of, written
from tests.contacts.test_races import at_once, count
from tests.screening.lines import Desk, make_desk

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(db_session: Session) -> Desk:
    return make_desk(db_session)


def move(entry_id: int, key: str, version: int = 1) -> None:
    entry = db.session.get_one(PipelineEntry, entry_id)
    found = written(db.session(), entry.organisation_id)
    to = next(one for one in found if key_of(one) == key)
    pipeline.move(db.session(), entry, to, version, 1)


def test_put_in_twice_at_once_it_is_in_once_with_six_stages(app: Flask, desk: Desk) -> None:
    need_id, offer_id = desk.scene.need.id, desk.scene.offer.id
    need, offer = type(desk.scene.need), type(desk.scene.offer)

    def put() -> None:
        session = db.session()
        pipeline.put_in(
            session, session.get_one(offer, offer_id), session.get_one(need, need_id), 1
        )

    assert Counter(at_once(app, [put] * 6)) == {"done": 6}
    assert (count(PipelineEntry), count(PipelineStage), count(EntryEvent)) == (1, 6, 1)


def test_two_who_add_the_same_stage_at_once_get_one(app: Flask, desk: Desk) -> None:
    funder_id = desk.scene.funder.id

    def add() -> None:
        organisation = db.session.get_one(Organisation, funder_id)
        stages.rename(db.session(), organisation, 1, {}, "Field visit")

    assert Counter(at_once(app, [add] * 3)) == {"done": 3}
    named = select(PipelineStage).where(PipelineStage.name == "Field visit")
    assert len(desk.session.scalars(named).all()) == 1


def test_double_taps_leave_one_note_one_task_and_one_view(app: Flask, desk: Desk) -> None:
    entry_id, by, offer_id = desk.put_in().id, desk.by, desk.scene.offer.id
    todo = Todo("Call them", clock.today(), desk.colleague.id)
    draft = saved_views.Draft("Coffee", {}, ViewOrder.SCORE, [])

    def entry() -> PipelineEntry:
        return db.session.get_one(PipelineEntry, entry_id)

    taps = [
        lambda: pipeline.note(db.session(), entry(), by, "They roast themselves"),
        lambda: entry_tasks.add(db.session(), entry(), by, todo),
        lambda: saved_views.save(db.session(), db.session.get_one(Offer, offer_id), by, draft),
    ]
    assert Counter(at_once(app, taps * 2)) == {"done": 6}
    notes = select(EntryEvent).where(EntryEvent.kind == EntryEventKind.NOTE)
    assert len(desk.session.scalars(notes).all()) == 1
    told = select(Notice).where(Notice.kind == "pipeline.given")
    assert len(desk.session.scalars(told).all()) == 1
    assert (count(EntryTask), count(SavedView)) == (1, 1)


def test_of_two_moves_one_wins(app: Flask, desk: Desk) -> None:
    for entry in desk.put_in_many(5):
        entry_id = entry.id
        steps = [lambda e=entry_id, k=k: move(e, k) for k in ("in_talk", "agreed")]
        assert Counter(at_once(app, steps)) == {"done": 1, "StaleVersion": 1}
    moved = select(EntryEvent).where(EntryEvent.kind == EntryEventKind.MOVED)
    assert len(desk.session.scalars(moved).all()) == 5


def test_a_bulk_pass_and_a_move_never_both_count(app: Flask, desk: Desk) -> None:
    entries = desk.put_in_many(6)
    ids = [one.id for one in entries]
    organisation_id, picked = entries[0].organisation_id, {one.public_id: 1 for one in entries}

    def pass_all() -> None:
        passing.pass_many(db.session(), organisation_id, 1, picked, "other")

    found = at_once(app, [pass_all, *(lambda e=one: move(e, "agreed") for one in ids), pass_all])
    assert set(found) <= {"done", "StaleVersion"}
    for entry in entries:
        desk.session.refresh(entry)
        assert entry.version == 2
        assert (desk.stage_of(entry) == "passed") == (entry.pass_id is not None)
    lines = select(EntryEvent).where(EntryEvent.kind != EntryEventKind.PUT_IN)
    assert len(desk.session.scalars(lines).all()) == 6


def test_a_stage_is_not_removed_under_a_firm_that_comes_in(app: Flask, desk: Desk) -> None:
    for entry in desk.put_in_many(4):
        entry_id, organisation_id = entry.id, entry.organisation_id
        added = PipelineStage(organisation_id=organisation_id, name="Visit", place=9)
        desk.session.add(added)
        desk.session.commit()
        key = added.public_id

        def remove(key: str = key, organisation_id: int = organisation_id) -> None:
            organisation = db.session.get_one(Organisation, organisation_id)
            stages.remove(db.session(), organisation, 1, key)

        found = at_once(app, [lambda e=entry_id, k=key: move(e, k), remove])
        assert "done" in found
        # Whoever was first: the firm stands in a stage that is there.
        assert desk.stage_of(entry) in ("new", key)
        assert (desk.stage_of(entry) == key) == (found[1] != "done")


def test_nothing_is_given_to_somebody_who_leaves_at_that_moment(app: Flask, desk: Desk) -> None:
    """Whichever is first: what was given goes on to who takes over, or nothing is given."""
    funder_id, leaver = desk.scene.funder.id, desk.colleague.id

    def give(entry_id: int) -> None:
        entry = db.session.get_one(PipelineEntry, entry_id)
        pipeline.keep(db.session(), entry, 1, desk_by, leaver, [])

    def todo(entry_id: int) -> None:
        entry = db.session.get_one(PipelineEntry, entry_id)
        entry_tasks.add(db.session(), entry, desk_by, Todo("Call", clock.today(), leaver))

    def leave() -> None:
        session = db.session()
        row, to = (membership.membership_of(session, one, funder_id) for one in (leaver, desk_by))
        assert row is not None
        leaving.leave(session, row, leaver, to)

    desk_by, [one, other] = desk.by, [entry.id for entry in desk.put_in_many(2)]
    found = at_once(app, [lambda: give(one), lambda: todo(other), leave])
    assert set(found) <= {"done", "StaleVersion"}
    assert found[2] == "done"
    theirs = [PipelineEntry.assignee_id == leaver, EntryTask.account_id == leaver]
    for model, is_theirs in zip((PipelineEntry, EntryTask), theirs, strict=True):
        assert desk.session.scalars(select(model).where(is_theirs)).all() == []
    told = select(Notice).where(Notice.account_id == leaver, Notice.kind == "pipeline.given")
    assert desk.session.scalars(told).all() == []


def test_a_task_is_done_once_and_a_pass_is_taken_back_once(app: Flask, desk: Desk) -> None:
    entries = desk.put_in_many(2)
    first, by, organisation_id = entries[0], desk.by, entries[0].organisation_id
    task = entry_tasks.add(desk.session, first, by, Todo("Call", clock.today(), None))
    done = passing.pass_many(
        desk.session, organisation_id, by, {one.public_id: 1 for one in entries}, "other"
    )
    assert done.row is not None
    desk.session.commit()
    task_id, pass_id, entry_id = task.id, done.row.id, first.id

    def finish() -> None:
        entry_tasks.finish(db.session(), db.session.get_one(EntryTask, task_id), by)

    def undo() -> None:
        passing.undo(db.session(), db.session.get_one(PipelinePass, pass_id), by)

    assert Counter(at_once(app, [finish] * 3)) == {"done": 1, "WrongState": 2}
    found = at_once(app, [undo, undo, lambda: move(entry_id, "agreed", 2)])
    assert Counter(found[:2]) == {"done": 1, "WrongState": 1}
    # The move counts where it was first; else it is told that the firm is elsewhere now.
    where = desk.stage_of(first)
    assert (found[2], where) in {("done", "agreed"), ("StaleVersion", "new")}
    assert desk.stage_of(entries[1]) == "new"
