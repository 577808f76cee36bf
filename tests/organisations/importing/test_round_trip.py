"""What goes out comes in again and changes nothing; no cell becomes a formula on the way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from matchmaker.extensions import db
from matchmaker.organisations.exporting import files, rows, template
from matchmaker.organisations.importing.files import read_file
from matchmaker.organisations.importing.neutral import plain, safe
from matchmaker.organisations.importing.running import dry_run, silent
from matchmaker.organisations.models import OrganisationState, PublicationState
from matchmaker.organisations.services import state_facts
from tests.factories import (
    BusinessIdFactory,
    CriterionFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.organisations.importing.sheets import ADMIN, EVERYTHING, FIRM, FUND, table_digest, taken

DANGER = ("=1+1", "+856 20 5555", "-1", "@SUM(A1)", "＝1", " =1", "'=1", "''+2", "\u200b=1")


def scene(session: Session) -> None:
    firm = NeedFactory(text='Line one\nline "two"; and, three').organisation
    firm.turnover_minor, firm.contact_telephone, firm.about = 5_000_000, "+856 20 555", "=cmd|x"
    BusinessIdFactory(organisation=firm)
    state_facts(session, firm, None, {"registration": True, "licence": False})
    NeedFactory(organisation=firm, kind="service", code="ACCOUNTING", amount_minor=None)
    NeedFactory(organisation=firm, state=PublicationState.CLOSED, title="Closed")
    loan = {"interest_counted": "flat", "fee_percent": 1.25, "fee_fixed_minor": 2_550}
    loan |= {"fee_when": "payout", "months_min": 6, "months_max": 36, "grace_months": 0}
    offer = OfferFactory(interest_min=12.125, impact=["sdg:8", "iris:OI3160"], **loan)
    offer.security = ["land", "guarantor"]
    CriterionFactory(offer=offer)
    OrganisationFactory(name="ຮ້ານ ກາເຟ", name_lang="lo", state=OrganisationState.DRAFT)
    OrganisationFactory(sector="0161", plain_sector="", country="LA")
    taken(FUND, FIRM | {"key": "'=odd"})
    session.commit()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_taken_in_again_changes_nothing(db_session: Session, ending: str) -> None:
    scene(db_session)
    found = list(rows.table(db_session, EVERYTHING, private=True, drafts=True))
    made = files.to_csv(found) if ending == "csv" else files.to_xlsx([("all", found)])
    before = table_digest()
    report = dry_run(db.engine, ADMIN, read_file(f"x.{ending}", made), "lo", silent)
    assert [(p["row"], p["column"], p["code"]) for p in report["problems"]] == []
    assert report["counts"]["organisation"] == {"new": 0, "changed": 0, "unchanged": 6}
    assert report["counts"]["need"]["unchanged"] == 2
    assert report["counts"]["offer"]["unchanged"] == 2
    assert table_digest() == before


def test_no_cell_of_an_export_is_a_formula(db_session: Session) -> None:
    scene(db_session)
    found = list(rows.table(db_session, EVERYTHING, private=True))
    text = files.to_csv(found).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.strip(" \u200b").startswith(tuple("=+-@＝＋－＠"))]
    book = load_workbook(io.BytesIO(files.to_xlsx([("all", found)])))
    assert not [cell for row in book.active for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("text", DANGER)
def test_a_dangerous_text_is_marked_and_comes_back(text: str) -> None:
    assert safe(text).startswith("'")
    assert plain(safe(text)) == text


@given(st.text(alphabet="'=+-@\t ＝ax1\u200b", max_size=8))
def test_marking_loses_nothing(text: str) -> None:
    assert plain(safe(text)) == text


def test_numbers_stay_numbers() -> None:
    rows_out = [["name", "n"], ["x", -5], ["y", 1.125]]
    assert files.to_csv(rows_out).decode("utf-8-sig").splitlines()[1:] == ["x,-5", "y,1.1250"]


def test_what_is_private_stays_here(db_session: Session) -> None:
    scene(db_session)
    names = next(iter(rows.table(db_session, EVERYTHING, private=False)))
    assert not {"contact_telephone", "business_ids", "need_amount", "turnover"} & set(names)
    everything = list(rows.table(db_session, EVERYTHING, private=False))
    assert not [row for row in everything if "+856 20 555" in row or "ຮ້ານ ກາເຟ" in row]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_can_be_taken_in_as_it_is(app: Flask, ending: str) -> None:
    with app.test_request_context():
        made = template.to_csv() if ending == "csv" else template.to_xlsx()
    report = dry_run(db.engine, ADMIN, read_file(f"template.{ending}", made), "en", silent)
    assert [(p["row"], p["column"], p["code"]) for p in report["problems"]] == []
    assert [count["new"] for count in report["counts"].values()] == [2, 1, 1]


class TestCommands:
    def run(self, app: Flask, *line: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=list(line))
        return result.exit_code, result.output

    def test_out_and_in_again(self, app: Flask, db_session: Session, tmp_path: Path) -> None:
        scene(db_session)
        file = tmp_path / "all.xlsx"
        assert self.run(app, "export", "organisations", str(file))[0] == 0
        code, said = self.run(app, "import", "organisations", str(file))
        assert (code, "organisations: 0 new, 0 changed, 6 unchanged" in said) == (0, True)

    def test_a_bad_row_is_said_in_one_line_with_exit_code_2(
        self, app: Flask, tmp_path: Path
    ) -> None:
        file = tmp_path / "bad.csv"
        file.write_text("key,roles,name,country\na,firma,Bank,LA\n")
        for more in ((), ("--dry-run",)):
            code, said = self.run(app, "import", "organisations", str(file), *more)
            assert code == 2
            assert "row 2, roles: “firma” is not in the list." in said
            assert said.splitlines()[-1].startswith("matchmaker: ")

    @pytest.mark.parametrize("line", ["import", "export"])
    def test_a_file_that_cannot_be(self, app: Flask, line: str, tmp_path: Path) -> None:
        code, said = self.run(app, line, "organisations", str(tmp_path / "no" / "x.csv"))
        assert (code, len(said.strip().splitlines())) == (2, 1)
