"""What holds when two press, or two runners count, at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.accounts.access import StaffScope
from matchmaker.contacts.models import ContactEvent, ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.extensions import clock, db
from matchmaker.notifications.models import Notice
from matchmaker.programme.models import Rollup
from matchmaker.programme.services import waiting
from matchmaker.programme.services.rollups import writing
from matchmaker.programme.services.rollups.months import month_of
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.programme.services.statistics import totals
from matchmaker.programme.services.statistics.selection import Selection
from tests.contacts.test_races import THREADS, at_once
from tests.factories import MembershipFactory, NeedFactory, OfferFactory, StaffFactory
from tests.programme.test_rollups import assert_counts_equal
from tests.programme.worlds import fill, make_request

ALL = Selection(StaffScope(everything=True))


def test_many_nudges_at_once_are_one(app: Flask) -> None:
    request = make_request(NeedFactory(), OfferFactory(), sent=clock.now() - timedelta(days=10))
    silent = MembershipFactory(organisation=request.offer_organisation).account
    staff_id, request_id, silent_id = StaffFactory().id, request.id, silent.id

    def press() -> None:
        session = db.session()
        waiting.nudge(session, session.get_one(ContactRequest, request_id), staff_id)

    found = at_once(app, [press] * THREADS)
    assert sorted(found) == sorted(["done"] + ["NudgedAlreadyError"] * (THREADS - 1))
    events = select(func.count()).where(ContactEvent.kind == EventKind.NUDGED)
    told = select(func.count()).where(Notice.account_id == silent_id)
    assert (db.session.scalar(events), db.session.scalar(told)) == (1, 1)


@pytest.mark.slow
def test_two_runners_counting_at_once_leave_one_count(app: Flask) -> None:
    fill(60, now=clock.now(), offerers=5)
    found = at_once(app, [lambda: roll_up(db.session(), db.engine, everything=True)] * 2)
    assert found == ["done", "done"]
    assert_counts_equal(db.session(), ALL)


def test_an_older_count_never_stands_in_place_of_a_newer_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are read, then another count is written, then the first one wants to be."""
    first = NeedFactory()
    db.session.commit()
    month = month_of(first.published_at)
    read, done = writing.cells_of, []

    def overtaken(facts: object) -> object:
        cells = read(facts)
        if not done:
            done.append(True)
            NeedFactory(published_at=first.published_at)
            db.session.commit()
            writing.recount(db.session(), db.engine, month)
        return cells

    monkeypatch.setattr(writing, "cells_of", overtaken)
    writing.recount(db.session(), db.engine, month)
    assert totals.totals(db.session(), ALL).all["needs"] == 2
    assert db.session.scalar(select(func.sum(Rollup.needs))) == 2
