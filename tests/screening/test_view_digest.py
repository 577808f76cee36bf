"""The weekly mail of saved views: one to a person, of what is new, and none when nothing is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.notifications.services import unsubscribe
from matchmaker.organisations.models import Membership, PublicationState
from matchmaker.organisations.services import leaving, membership
from matchmaker.screening.jobs import DIGEST
from matchmaker.screening.models import SavedView, ViewDigest, ViewOrder
from matchmaker.screening.services import digest
from matchmaker.screening.services import saved_views as keeping
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.hiding import hide_pair
from tests.background import run_jobs
from tests.factories import MembershipFactory
from tests.screening.table import PRIVATE, Table, make_table

WEEK = timedelta(days=7)


@pytest.fixture
def table(app: Flask, db_session: Session) -> Table:
    app.extensions["mailman"].outbox = []
    return make_table(db_session)


def view_of(table: Table, name: str, least: int = 50, **filters: str) -> SavedView:
    draft = keeping.Draft(name, filters, ViewOrder.SCORE, ("amount",))
    view = keeping.save(table.session, table.offer, table.banker.id, draft)
    keeping.set_mail(table.session, view, table.banker.id, least)
    table.session.commit()
    return view


def mails(app: Flask, session: Session, later: timedelta) -> list[str]:
    """The words of all mails that the job, run twice, has sent by then."""
    with time_machine.travel(clock.now() + later):
        for _ in range(2):
            jobs.enqueue(session, DIGEST)
            session.commit()
            run_jobs(app)
    return [mail.body for mail in app.extensions["mailman"].outbox]


def test_one_mail_a_week_over_all_views_and_organisations(
    app: Flask, db_session: Session, table: Table
) -> None:
    other = make_table(db_session)
    MembershipFactory(organisation=other.funder, account=table.banker, consent=False)
    view = view_of(table, "Coffee")
    view_of(table, "South", place="LA-SV")
    view_of(table, "Best", least=80)
    view_of(
        Table(db_session, other.funder, other.offer, table.banker, table.colleague), "Elsewhere"
    )
    table.firms(2, days=-2)
    table.firms(1, days=1)
    assert mails(app, db_session, timedelta(days=6)) == []
    [body] = mails(app, db_session, WEEK)
    assert f"- Coffee: 2\n  {app.config['BASE_URL']}{table.desk}/views/{view.public_id}\n" in body
    assert "- Elsewhere: 2\n" in body
    assert not [one for one in ("South", "Best", *PRIVATE.values()) if one in body]
    assert "/unsubscribe/" in body
    # Nobody is new in the second week, one firm in the third.
    assert len(mails(app, db_session, 2 * WEEK)) == 1
    table.firms(1, days=-16)
    assert "- Coffee: 1\n" in mails(app, db_session, 3 * WEEK)[1]
    assert db_session.scalars(select(Notice.account_id)).all() == [table.banker.id] * 2


@pytest.mark.once
@pytest.mark.parametrize("case", ["left", "paused", "hidden", "off", "unsubscribed"])
def test_nobody_is_told_of_what_is_no_longer_theirs_to_see(
    app: Flask, db_session: Session, table: Table, case: str
) -> None:
    view = view_of(table, "Coffee")
    [need] = table.firms(1, days=-2)
    if case == "left":
        db_session.execute(delete(Membership).where(Membership.account_id == table.banker.id))
    elif case == "paused":
        table.offer.state = PublicationState.PAUSED
    elif case == "hidden":
        hide_pair(db_session, need, table.offer, Side.OFFER, reason="", account_id=table.banker.id)
    elif case == "off":
        keeping.set_mail(db_session, view, table.banker.id, None)
    else:
        unsubscribe(db_session, table.banker.id, digest.KIND)
    db_session.commit()
    assert mails(app, db_session, WEEK) == []
    left = db_session.scalars(select(ViewDigest)).all()
    assert bool(left) is (case != "off")


@pytest.mark.once
def test_who_leaves_keeps_only_what_is_told_of_other_desks(
    app: Flask, db_session: Session, table: Table
) -> None:
    other = make_table(db_session)
    MembershipFactory(organisation=other.funder, account=table.banker, consent=False)
    view_of(table, "Coffee")
    theirs = Table(db_session, other.funder, other.offer, table.banker, table.colleague)
    view = view_of(theirs, "Elsewhere")
    table.firms(1, days=-2)
    assert len(mails(app, db_session, WEEK)) == 1
    for at in (table, theirs):
        row = membership.membership_of(db_session, table.banker.id, at.funder.id)
        to = MembershipFactory(organisation=at.funder)
        assert row is not None
        leaving.leave(db_session, row, table.banker.id, to)
        db_session.commit()
        told = db_session.scalars(select(Notice).where(Notice.kind == digest.KIND)).all()
        if at is table:
            [facts] = [one.facts for one in told]
            assert facts["path"] == f"{other.desk}/views"
            assert [view.public_id in line for line in facts["lines"]] == [True]
    assert told == []
