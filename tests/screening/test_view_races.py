"""Colleagues at once: twenty views and no more, and one change wins."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.extensions import db
from matchmaker.organisations.models import Offer
from matchmaker.screening.models import MOST_VIEWS, SavedView, ViewDigest, ViewMail, ViewOrder
from matchmaker.screening.services import digest
from matchmaker.screening.services import saved_views as keeping
from tests.contacts.test_races import at_once
from tests.screening.table import make_table

pytestmark = pytest.mark.slow


def draft(name: str) -> keeping.Draft:
    return keeping.Draft(name, {}, ViewOrder.SCORE, ("amount",))


def test_together_they_save_twenty_and_one_change_wins(app: Flask, db_session: Session) -> None:
    table = make_table(db_session)
    offer_id, banker, colleague = table.offer.id, table.banker.id, table.colleague.id
    for at in range(MOST_VIEWS - 4):
        keeping.save(db_session, table.offer, banker, draft(f"View {at}"))

    def save(name: str) -> None:
        offer = db.session.get_one(Offer, offer_id)
        keeping.save(db.session(), offer, colleague, draft(name))

    saved = at_once(app, [lambda at=at: save(f"New {at}") for at in range(8)])
    assert Counter(saved) == {"done": 4, "TooManyViewsError": 4}
    slots = db_session.scalars(select(SavedView.slot).order_by(SavedView.slot)).all()
    assert slots == list(range(1, MOST_VIEWS + 1))

    view_id = db_session.scalars(select(SavedView.id).order_by(SavedView.id)).first()

    def change(name: str) -> None:
        view = db.session.get_one(SavedView, view_id)
        keeping.change(db.session(), view, colleague, 1, draft(name))

    changed = at_once(app, [lambda at=at: change(f"Name {at}") for at in range(4)])
    assert Counter(changed) == {"done": 1, "StaleVersion": 3}
    assert db_session.get_one(SavedView, view_id).version == 2

    def mail(least: int) -> None:
        view = db.session.get_one(SavedView, view_id)
        keeping.set_mail(db.session(), view, banker, least)

    assert set(at_once(app, [lambda at=at: mail(at) for at in (50, 60, 70, 80)])) == {"done"}
    assert len(db_session.scalars(select(ViewMail)).all()) == 1
    assert len(db_session.scalars(select(ViewDigest)).all()) == 1


def test_a_mail_asked_for_while_weeks_are_forgotten_keeps_its_week(
    app: Flask, db_session: Session
) -> None:
    table = make_table(db_session)
    view = keeping.save(db_session, table.offer, table.banker.id, draft("View"))
    for least in (50, None):
        keeping.set_mail(db_session, view, table.banker.id, least)
    db_session.commit()

    def forget() -> None:
        with app.app_context():
            digest.forget_unwanted(db.session())
            db.session.commit()

    keeping.set_mail(db_session, view, table.banker.id, 60)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(Context().run, forget)
        # Long enough for the other to have read the mails before this one can be seen.
        time.sleep(0.1)
        db_session.commit()
        done.result(20)
    assert len(db_session.scalars(select(ViewDigest)).all()) == 1
