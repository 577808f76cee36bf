"""Stages that are taken away or renamed while firms come in, go on or come back; both databases."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.screening.models import PipelineEntry, PipelinePass, PipelineStage
from matchmaker.screening.services import passing, pipeline, stages
from tests.contacts.test_races import at_once
from tests.factories import NeedFactory
from tests.screening.lines import Desk, make_desk
from tests.screening.test_pipeline_races import move

pytestmark = pytest.mark.slow

ROUNDS = 3


@pytest.fixture
def desk(db_session: Session) -> Desk:
    return make_desk(db_session)


def dawdle(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Between what a service reads and what it writes the other one has time to get in."""
    quick = getattr(module, name)

    def slow(*args: Any, **more: Any) -> Any:
        time.sleep(0.2)
        return quick(*args, **more)

    monkeypatch.setattr(module, name, slow)


def add_stage(desk: Desk, place: int) -> str:
    row = PipelineStage(organisation_id=desk.scene.funder.id, name="Visit", place=place)
    desk.session.add(row)
    desk.session.commit()
    return row.public_id


def remove(organisation_id: int, key: str) -> None:
    organisation = db.session.get_one(Organisation, organisation_id)
    stages.remove(db.session(), organisation, 1, key)


def test_a_firm_comes_in_whichever_stage_is_the_first_one_then(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put_in()
    dawdle(monkeypatch, pipeline, "first_stage")
    offer_id, funder_id = desk.scene.offer.id, desk.scene.funder.id
    for number in range(ROUNDS):
        key, need_id = add_stage(desk, -1 - number), NeedFactory().id

        def put(need_id: int = need_id) -> None:
            session = db.session()
            offer, need = session.get_one(Offer, offer_id), session.get_one(Need, need_id)
            pipeline.put_in(session, offer, need, 1)

        found = at_once(app, [put, lambda key=key: remove(funder_id, key)])
        assert found[0] == "done"
        assert found[1] in ("done", "StageNotEmptyError")
        entry = desk.session.scalars(
            select(PipelineEntry).where(PipelineEntry.need_id == need_id)
        ).one()
        assert (desk.stage_of(entry) == key) == (found[1] != "done")
        if found[1] != "done":
            desk.session.delete(entry)
            desk.session.commit()
            remove(funder_id, key)
            desk.session.commit()


@pytest.mark.parametrize("how", ["undone", "moved back"])
def test_what_comes_back_and_a_stage_that_goes_do_not_wait_for_each_other(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    # After the entries are held, or when the stage is chosen.
    module, name = (passing, "_put") if how == "undone" else (pipeline, "_change")
    dawdle(monkeypatch, module, name)
    for entry in desk.put_in_many(ROUNDS):
        entry_id, organisation_id = entry.id, entry.organisation_id
        key = add_stage(desk, 9)
        move(entry_id, key)
        desk.session.refresh(entry)
        done = passing.pass_many(
            desk.session, organisation_id, 1, {entry.public_id: entry.version}, "other"
        )
        assert done.row is not None
        desk.session.commit()
        desk.session.refresh(entry)
        pass_id, version = done.row.id, entry.version

        def undo(pass_id: int = pass_id) -> None:
            passing.undo(db.session(), db.session.get_one(PipelinePass, pass_id), 1)

        def back(entry_id: int = entry_id, key: str = key, version: int = version) -> None:
            move(entry_id, key, version)

        # A move looks for its stage first: where that is gone already, it finds none.
        step, gone = (
            (undo, set()) if how == "undone" else (back, {"StopIteration", "StageGoneError"})
        )
        found = at_once(app, [step, lambda key=key, at=organisation_id: remove(at, key)])
        assert found[0] in {"done"} | gone, found
        assert found[1] in ("done", "StageNotEmptyError"), found
        assert (desk.stage_of(entry) == key) == (found[1] != "done")


def test_a_new_word_for_a_stage_and_a_move_into_it_both_count(app: Flask, desk: Desk) -> None:
    entries = desk.put_in_many(ROUNDS)
    organisation_id = entries[0].organisation_id
    before = len(desk.session.scalars(select(AuditEvent.id)).all())

    def rename(name: str) -> None:
        organisation = db.session.get_one(Organisation, organisation_id)
        stages.rename(db.session(), organisation, 1, {"in_talk": name}, "")

    for number, entry in enumerate(entries):
        steps = [
            lambda e=entry.id: move(e, "in_talk"),
            lambda name=f"Word {number}": rename(name),
        ]
        assert at_once(app, steps) == ["done", "done"]
        assert desk.stage_of(entry) == "in_talk"
    named = select(PipelineStage.name).where(PipelineStage.name.startswith("Word"))
    assert desk.session.scalars(named).all() == [f"Word {ROUNDS - 1}"]
    events = desk.session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()[before:]
    assert sorted(events) == ["pipeline.moved"] * ROUNDS + ["pipeline.stages_changed"] * ROUNDS
