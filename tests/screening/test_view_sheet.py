"""A saved view as a file: its columns and no more, within what a day allows, written down."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextvars import Context

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.matching.index import Filters
from matchmaker.organisations.models import Offer
from matchmaker.screening.models import SavedView, ViewOrder
from matchmaker.screening.services import saved_views as keeping
from matchmaker.screening.services import sheets
from matchmaker.suggestions.models import Shown
from matchmaker.suggestions.services import budget
from matchmaker.suggestions.services.ranking import first_of
from tests.contacts.test_races import at_once
from tests.page import PageClient
from tests.screening.table import PRIVATE, Table, make_table


@pytest.fixture
def table(db_session: Session) -> Table:
    return make_table(db_session)


def saved(table: Table, **filters: str) -> SavedView:
    draft = keeping.Draft("Coffee", filters, ViewOrder.NEWEST, ("amount", "place", "rules"))
    view = keeping.save(table.session, table.offer, table.banker.id, draft)
    table.session.commit()
    return view


def test_a_sheet_holds_what_the_table_shows_and_counts_as_looked_at(
    page: PageClient, table: Table
) -> None:
    needs = table.firms(22)
    needs[0].title = "=HYPERLINK(1)"
    table.firms(1, province="LA-SV")
    view = saved(table, place="LA-LP")
    client = page.sign_in(table.banker)
    at = f"{table.desk}/views/{view.public_id}"
    form = client.get(str(client.get(at).one("a[href$='/sheet']")["href"]))
    assert "look at 500 more" in form.text
    made = client.submit(form, "main form", status=200, ending="csv")
    found = list(csv.DictReader(io.StringIO(made.response.data.decode("utf-8-sig"))))
    assert list(found[0]) == [
        "Firm", "Looks for", "Fit, of 100", "Asks for", "Place", "Our rules",
        "Address of the page",
    ]  # fmt: skip
    titles = [one["Looks for"] for one in found]
    newest = sorted((one for one in needs), key=lambda one: -one.id)[:20]
    assert titles == [one.title for one in newest]
    assert "'=HYPERLINK(1)" not in titles
    assert {one["Place"] for one in found} == {"Luang Prabang"}
    assert all(one["Our rules"].startswith("Met: ") for one in found)
    assert not [value for value in PRIVATE.values() if value in made.response.data.decode()]
    match = found[0]["Address of the page"].removeprefix(
        client.client.application.config["BASE_URL"]
    )
    assert newest[0].title in client.get(match).text
    # All 22 as a spreadsheet: two more are looked at, and what looks like a formula is text.
    wanted = {"rows": "50", "ending": "xlsx", "csrf_token": client.token()}
    whole = Context().run(client.client.post, f"{at}/sheet", data=wanted)
    book = openpyxl.load_workbook(io.BytesIO(whole.data), read_only=True)
    lines = list(book["firms"].values)
    assert len(lines) == 23
    assert "'=HYPERLINK(1)" in {line[1] for line in lines}
    assert len(table.session.scalars(select(Shown.need_id).distinct()).all()) == 22
    assert "look at 478 more" in client.get(f"{at}/sheet").text
    events = select(AuditEvent.code).where(AuditEvent.event == "view.sheet_taken")
    assert table.session.scalars(events.order_by(AuditEvent.id)).all() == ["20", "22"]


def test_beyond_the_day_nothing_is_handed_out_nor_counted(
    page: PageClient, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEEDS_A_DAY", 30)
    table.firms(40)
    view = saved(table)
    client = page.sign_in(table.banker)
    at = f"{table.desk}/views/{view.public_id}/sheet"
    refused = client.submit(client.get(at), "main form", status=422, rows="50")
    assert "Today you can look at 30 more firms. Take fewer." in refused.text
    client.submit(refused, "main form", rows="20", ending="csv", status=200)
    # The same twenty cost nothing again; a colleague has no second budget.
    other = page.sign_in(table.colleague)
    other.submit(other.get(at), "main form", rows="20", ending="csv", status=200)
    over = other.submit(other.get(at), "main form", status=422, rows="50")
    assert "Come back tomorrow" in over.text
    assert len(table.session.scalars(select(Shown.need_id).distinct()).all()) == 20
    assert "Choose" in other.submit(other.get(at), "main form", status=422, rows="4000").text


@pytest.mark.slow
def test_two_sheets_at_once_do_not_pass_the_day_together(
    app: Flask, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEEDS_A_DAY", 3)
    table.firms(4)
    view_id, people = saved(table).id, (table.banker.id, table.colleague.id)

    def take(account_id: int, first: int) -> None:
        session = db.session()
        view = session.get_one(SavedView, view_id)
        offer = session.get_one(Offer, view.offer_id)
        version, listed = first_of(session, offer, Filters(), 4, "newest")
        sheets.count(session, view, account_id, version, listed[first : first + 2])

    steps = [lambda one=one, at=at: take(one, 2 * at) for at, one in enumerate(people)]
    assert Counter(at_once(app, steps)) == {"done": 1, "SheetTooLongError": 1}
    assert len(table.session.scalars(select(Shown)).all()) == 2
