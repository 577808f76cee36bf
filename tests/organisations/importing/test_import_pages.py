"""The pages of import and export: who may, what they see, and large files as jobs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner
from matchmaker.notifications.models import Notice
from matchmaker.organisations.importing import uploads
from matchmaker.organisations.models import (
    IntroducerLink,
    Need,
    Organisation,
    OrganisationState,
)
from tests.factories import AccountFactory, NeedFactory, OrganisationFactory, StaffFactory
from tests.organisations.importing.sheets import FIRM, FUND, NEED, csv_of, firms, table_digest
from tests.organisations.people import owner_of
from tests.page import Page, PageClient


def admin() -> Account:
    account: Account = StaffFactory(staff_role=StaffRole.ADMIN)
    return account


def send(page: PageClient, *rows: dict[str, Any], status: int = 303, name: str = "a.csv") -> Page:
    way = page.get("/import").form()["way"]
    file = (io.BytesIO(csv_of(*rows)), name)
    return page.post("/import", {"way": way, "file": file}, status)


def count() -> int:
    # The runner of jobs takes its session down: the one that is in use now counts.
    return db.session.scalar(select(func.count(Organisation.id))) or 0


class TestWhoMay:
    def test_a_visitor_signs_in_first(self, page: PageClient) -> None:
        assert "/sign-in" in page.get("/import", 303).location

    def test_for_others_it_is_not_there(self, page: PageClient) -> None:
        page.sign_in(owner_of(OrganisationFactory()))
        page.get("/import", 404)
        page.get("/export", 404)

    def test_an_unpublished_introducer_may_not(self, page: PageClient) -> None:
        waiting = OrganisationFactory(is_introducer=True, state=OrganisationState.IN_REVIEW)
        page.sign_in(owner_of(waiting))
        page.get("/import", 404)

    def test_a_viewer_may_not(self, page: PageClient) -> None:
        page.sign_in(StaffFactory(staff_role=StaffRole.VIEWER))
        page.get("/import", 404)
        page.get("/export", 403)

    def test_what_another_account_sent_is_not_there(
        self, page: PageClient, new_page: Callable[[], PageClient]
    ) -> None:
        report = send(page.sign_in(admin()), FIRM).location
        other = new_page().sign_in(admin())
        other.get(report, 404)
        other.post(f"{report}/take-in", status=404)
        other.post(f"{report}/discard", status=404)
        page.get("/import/..%2F..%2Fetc", 404)
        page.get(f"/import/{'0' * 32}", 404)

    def test_columns_and_template_are_for_everybody_signed_in(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        assert "need_amount" in page.get("/import/columns").text
        for ending in ("csv", "xlsx"):
            answer = page.client.get(f"/import/template.{ending}")
            assert "attachment" in answer.headers["Content-Disposition"]


class TestSmallFile:
    def test_first_a_report_then_the_button(self, page: PageClient, db_session: Session) -> None:
        page.sign_in(admin())
        before = table_digest()
        report = page.follow(send(page, FIRM | NEED, FUND))
        assert "2 new, 0 changed, 0 as before" in report.text
        assert table_digest() == before
        done = page.follow(page.submit(report, publish="y"))
        assert done.one(".note.ok h2").text == "Taken in"
        rows = db_session.scalars(select(Organisation)).all()
        assert [row.is_published for row in rows] == [True, True]
        page.submit(report, publish="y")
        assert count() == 2

    def test_a_bad_cell_is_named_and_nothing_can_be_taken_in(
        self, page: PageClient, db_session: Session
    ) -> None:
        page.sign_in(StaffFactory())
        sent = send(page, FIRM, FIRM | {"key": "b", "province": "Atlantis<b>", "name": "B"})
        report = page.follow(sent)
        cells = [cell.text for cell in report.all("tbody tr > *")]
        assert cells[:2] == ["3", "province"]
        assert "“Atlantis<b>” is not in the list." in cells[2]
        assert not report.all("form[action$=take-in]")
        page.post(f"{sent.location}/take-in")
        assert count() == 0

    def test_it_speaks_the_readers_language_and_is_a_region(self, page: PageClient) -> None:
        page.sign_in(admin())
        sent = send(page, FIRM | {"staff": "many"})
        region = page.get(sent.location, htmx=True)
        assert [tag.get("id") for tag in region.soup.find_all(recursive=False)] == ["import-status"]

    def test_a_file_that_is_none_comes_back_with_words(self, page: PageClient) -> None:
        page.sign_in(admin())
        answer = page.post(
            "/import", {"way": "programme", "file": (io.BytesIO(b"%PDF"), "a.pdf")}, 422
        )
        assert "ends in .csv or .xlsx" in answer.text
        page.post("/import", {"way": "programme"}, 422)
        page.post("/import", {"way": "nobody", "file": (io.BytesIO(b"key\n1"), "a.csv")}, 422)

    def test_an_introducer_records_the_consent(self, page: PageClient, db_session: Session) -> None:
        page.sign_in(owner_of(OrganisationFactory(is_introducer=True)))
        report = page.follow(send(page, FIRM))
        page.submit(report, status=422)
        assert count() == 1
        page.submit(report, consent_how="paper", agreed="y")
        link = db_session.scalars(select(IntroducerLink)).one()
        assert link.organisation.state is OrganisationState.IN_REVIEW

    def test_it_is_thrown_away_on_wish_and_after_a_day(
        self, app: Flask, page: PageClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page.sign_in(admin())
        first, second = send(page, FIRM).location, send(page, FIRM).location
        page.post(f"{first}/discard")
        page.get(first, 404)
        page.get(second)
        data = Path(app.config["DATA"])
        assert uploads.forget_old(data) == 0
        monkeypatch.setitem(app.config, "CLOCK_SHIFT", timedelta(days=1, minutes=1))
        assert uploads.forget_old(data) == 1
        assert list(uploads.room(data).iterdir()) == []


class TestLargeFile:
    @pytest.mark.slow
    def test_it_is_a_job_whose_page_polls_until_it_is_done(
        self, page: PageClient, db_session: Session
    ) -> None:
        page.sign_in(admin())
        sent = send(page, *firms(500))
        waiting = page.get(sent.location, htmx=True)
        assert waiting.one("#import-status")["hx-get"] == sent.location
        Runner().run_all()
        report = page.get(sent.location)
        assert not report.all("[hx-get]")
        assert "500 new" in report.text
        assert count() == 0
        page.submit(report)
        assert page.get(sent.location).all("#import-status[hx-get]")
        page.post(f"{sent.location}/take-in")
        Runner().run_all()
        assert page.get(sent.location).one(".note.ok h2").text == "Taken in"
        assert count() == 500
        told = db.session.scalars(select(Notice)).all()
        assert [(one.kind, one.facts["path"]) for one in told] == [("import.done", sent.location)]
        assert "The import of “a.csv” has finished." in page.get("/notices").text

    def test_progress_is_shown(self, app: Flask, page: PageClient) -> None:
        page.sign_in(admin())
        sent = send(page, *firms(500))
        upload = uploads.by_token(Path(app.config["DATA"]), sent.location.rsplit("/", 1)[1])
        assert upload is not None
        upload.write("progress", {"phase": "reading", "done": 50, "total": 500})
        assert page.get(sent.location).one("progress")["value"] == "50"

    def test_one_bad_row_keeps_all_out(self, page: PageClient, db_session: Session) -> None:
        page.sign_in(admin())
        rows = firms(600)
        rows[300]["staff"] = "1e9999"
        sent = send(page, *rows)
        Runner().run_all()
        report = page.get(sent.location)
        assert [cell.text for cell in report.all("tbody tr > *")][:2] == ["302", "staff"]
        assert count() == 0


class TestExport:
    def test_an_admin_takes_all_and_it_is_written_down(
        self, page: PageClient, db_session: Session
    ) -> None:
        NeedFactory()
        page.sign_in(admin())
        answer = page.post("/export", {"ending": "csv"}, 200).response
        assert "need_amount" in answer.text
        assert "attachment" in answer.headers["Content-Disposition"]
        events = db_session.scalars(select(AuditEvent.event)).all()
        assert "organisations.exported" in events

    def test_an_officer_of_a_province_takes_what_is_in_it(self, page: PageClient) -> None:
        OrganisationFactory(name="Inside", province="LA-CH")
        OrganisationFactory(name="Outside", province="LA-LP")
        page.sign_in(StaffFactory(scope=Scope.PROVINCE, scope_values=["LA-CH"]))
        text = page.post("/export", {"ending": "csv"}, 200).response.text
        assert "Inside" in text
        assert "Outside" not in text
        assert "contact_telephone" not in text
        page.get("/export")
        page.post("/export", {"ending": "exe"}, 422)


def test_a_member_of_an_introducer_sees_it_among_the_ways(page: PageClient) -> None:
    both = AccountFactory(staff_role=StaffRole.OFFICER, scope=Scope.ALL)
    chamber = OrganisationFactory(is_introducer=True, name="Chamber of Champasak")
    from tests.factories import MembershipFactory

    MembershipFactory(account=both, organisation=chamber)
    db.session.commit()
    page.sign_in(both)
    options = [option.text for option in page.get("/import").all("select[name=way] option")]
    assert {"The programme", "Chamber of Champasak"} <= set(options)


class TestZawgyi:
    ZAWGYI = "ေနေရာင္ျခည္စြမ္းအင္ ဝန္ေဆာင္မႈ စပါးဝယ္"
    UNICODE = "နေရောင်ခြည်စွမ်းအင် ဝန်ဆောင်မှု စပါးဝယ်"

    def report(self, page: PageClient) -> Page:
        row = FIRM | NEED | {"about": self.ZAWGYI, "need_title": self.ZAWGYI}
        return page.get(send(page.sign_in(admin()), row).location)

    @pytest.mark.parametrize("ticked", [True, False])
    def test_it_is_pointed_out_and_turned_into_unicode_where_that_is_ticked(
        self, page: PageClient, ticked: bool
    ) -> None:
        report = self.report(page)
        told = [" ".join(row.get_text(" ").split()) for row in report.all("tbody tr")]
        assert sorted(line.split()[1] for line in told) == ["about", "need_title"]
        assert all(self.UNICODE in line and "pointed out" in line for line in told)
        page.submit(report, "form[action$=take-in]", **({"to_unicode": "y"} if ticked else {}))
        row = db.session.scalars(select(Organisation).where(Organisation.source_key == "ncb-1"))
        stored = self.UNICODE if ticked else self.ZAWGYI
        firm = row.one()
        assert firm.about == stored
        assert [need.title for need in db.session.scalars(select(Need))] == [stored]

    def test_the_question_is_not_put_where_nothing_looks_like_it(self, page: PageClient) -> None:
        row = FIRM | {"about": self.UNICODE}
        report = page.get(send(page.sign_in(admin()), row).location)
        assert not report.all("#to_unicode")
        assert report.all("form[action$=take-in]")

    def test_the_command_points_it_out_and_converts(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "firms.csv"
        file.write_bytes(csv_of(FIRM | {"about": self.ZAWGYI}))
        run = app.test_cli_runner().invoke
        line = ["import", "organisations", str(file)]
        asked = run(args=[*line, "--dry-run"])
        assert asked.exit_code == 0
        assert (
            f"row 2, about: It looks like Zawgyi. Turned into Unicode it reads: {self.UNICODE}"
            in (asked.output)
        )
        converted = run(args=[*line, "--to-unicode"])
        assert converted.exit_code == 0
        assert "Zawgyi" not in converted.output
        assert db.session.scalars(select(Organisation.about)).all() == [self.UNICODE]
