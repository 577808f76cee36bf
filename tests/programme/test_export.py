"""What leaves the programme: rounded, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.accounts.models import Scope
from matchmaker.extensions import clock, db
from matchmaker.organisations.importing.neutral import plain, safe
from matchmaker.programme import missing_tables
from matchmaker.programme.export import lines, sheet_names, to_csv, to_xlsx
from matchmaker.programme.services.gaps import NO_OFFER
from matchmaker.programme.services.public import round_5
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.programme.services.statistics.missing import Gap
from matchmaker.programme.tables import Column, Row, Table
from tests.factories import OrganisationFactory, StaffFactory
from tests.page import PageClient
from tests.programme.worlds import fill

pytestmark = pytest.mark.both

#: What a spreadsheet may trim before it looks for a formula.
UNSEEN = " \t\r\n\0\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
BAD = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u200b=1",
)


def table(*rows: Row, total: Row | None = None, title: str = "By place") -> Table:
    columns = (Column("Needs"), Column("Asked", "share"), Column("Half", "wait"))
    return Table("by-place", title, "Place", columns, rows, total)


@given(number=st.integers(0, 10_000))
def test_numbers_go_to_the_nearest_five(number: int) -> None:
    assert round_5(number) % 5 == 0
    assert abs(round_5(number) - number) <= 2


def test_parts_and_totals_are_each_rounded_and_shares_come_from_rounded_numbers() -> None:
    made = table(
        Row("Champasak", (7, (3, 7), (48.0, 5))),
        Row("Xaysomboun", (2, (1, 2), (48.0, 4))),
        total=Row("All", (9, (4, 9), (48.0, 9))),
    )
    assert lines(made) == [
        ["Place", "Needs", "Asked", "Half"],
        ["Champasak", 5, 1.0, 2.0],
        ["Xaysomboun", 0, None, None],
        ["All", 10, 0.5, 2.0],
    ]


@pytest.mark.parametrize("text", BAD)
def test_no_text_begins_as_a_formula_does(text: str) -> None:
    made = table(Row(text, (7, (3, 7), (None, 0))), title=text)
    rows = list(csv.reader(io.StringIO(to_csv(text, [made]).decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(text, [made])))
    written = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    for value in [*(cell for row in rows for cell in row), *written]:
        assert not str(value).strip(UNSEEN).startswith(tuple("=+-@\t\r\0＝＋－＠"))


@given(text=st.text())
def test_a_made_safe_text_stays_what_it_was_but_for_its_first_sign(text: str) -> None:
    kept = text.replace("\0", "")
    assert safe(text) in (kept, f"'{kept}")
    assert plain(safe(text)) == kept


def test_a_csv_has_a_byte_order_mark_and_numbers_stay_numbers() -> None:
    content = to_csv("2026", [table(Row("Champasak", (7, (3, 7), (None, 0))))])
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"Champasak,5,1.0,\r\n" in content


def test_sheets_are_named_as_spreadsheets_allow_each_once() -> None:
    titles = ["By place: [all]", "By place: (all)", "x" * 50, "x" * 60, "'"]
    names = sheet_names([table(title=title) for title in titles])
    assert len(set(names)) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_what_is_taken_along_is_the_page_rounded(page: PageClient) -> None:
    fill(60, now=clock.now(), offerers=6)
    OrganisationFactory(is_introducer=True, is_firm=False, name='=HYPERLINK("http://x","y")')
    staff = StaffFactory()
    db.session.commit()
    roll_up(db.session(), db.engine)
    page.sign_in(staff)
    answer = page.client.get("/programme/numbers.csv?period=all")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert ["Needs published", "60", "", ""] in rows
    numbers = [cell for row in rows for cell in row[1:2] if cell.isdigit()]
    assert numbers
    assert all(int(number) % 5 == 0 for number in numbers)
    book = openpyxl.load_workbook(
        io.BytesIO(page.client.get("/programme/numbers.xlsx?period=all").get_data())
    )
    assert book["From need to agreement"]["B4"].value == 60


def test_what_is_taken_along_stays_in_scope(page: PageClient) -> None:
    fill(60, now=clock.now() - timedelta(days=1), offerers=6)
    staff = StaffFactory(scope=Scope.PROVINCE, scope_values=["LA-SV"])
    db.session.commit()
    roll_up(db.session(), db.engine)
    text = (
        page.sign_in(staff).client.get("/programme/numbers.csv?period=all").get_data(as_text=True)
    )
    assert "Savannakhet" in text
    assert "Champasak" not in text


@pytest.mark.usefixtures("app")
def test_a_row_about_nothing_does_not_leave() -> None:
    """One or two needs round to 0: a line that says so is noise, or a hint at a single firm."""
    found = [Gap("LA-SV", "TERM_LOAN", needs, 9, NO_OFFER, needs) for needs in (12, 3, 2)]
    with_head = lines(missing_tables.gaps(found))[1:]
    assert [line[2] for line in with_head] == [10, 5]
