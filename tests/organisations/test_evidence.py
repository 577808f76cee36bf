"""Evidence as its owner, an introducer and staff work with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.audit import privacy
from matchmaker.audit.models import AuditEvent
from matchmaker.errors import WrongState
from matchmaker.extensions import changes, clock, db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from matchmaker.organisations.models import (
    CheckedAs,
    EvidenceFile,
    EvidenceOpening,
    IntroducerLink,
    LookedAt,
    OpenedAs,
    Organisation,
)
from matchmaker.organisations.services import evidence, evidence_check, evidence_file
from matchmaker.organisations.services.evidence import Standing
from matchmaker.organisations.services.evidence_check import Checker
from tests.background import run_jobs
from tests.contacts.test_races import at_once
from tests.factories import AccountFactory, MembershipFactory, OrganisationFactory, StaffFactory
from tests.organisations import papers
from tests.organisations.papers import keep
from tests.organisations.people import firm_and_owner, owner_of
from tests.page import PageClient

FACT = "registration"


def standing(firm: Organisation) -> Standing | None:
    db.session.expire_all()
    found = evidence.pieces(db.session(), [firm.id])
    return found[0].standing if found else None


def on_disk(app: Flask) -> set[str]:
    return set(store.names(Path(app.config["DATA"])))


def fetch(page: PageClient, at: str) -> Any:
    """A file is no page: its bytes and headers, in a request of its own."""
    return page._send(page.client.get, at)


def upload(page: PageClient, url: str, data: bytes, fact: str = FACT, status: int = 303) -> Any:
    sent = {"fact": fact, "file": (io.BytesIO(data), "../../My accounts.exe")}
    return page.post(url, sent, status=status, content_type="multipart/form-data")


def address(firm: Organisation, *more: str) -> str:
    return "/".join([f"/organisations/{firm.public_id}/evidence", *more])


@pytest.fixture
def firm(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory(name="Nam Khan Coffee")
    db.session.commit()
    return made


@pytest.fixture
def owner(firm: Organisation) -> Account:
    return owner_of(firm)


@pytest.fixture
def adviser(firm: Organisation) -> Account:
    """Somebody of a chamber that acts for the firm."""
    chamber = OrganisationFactory(name="Chamber of Luang Prabang", is_firm=False)
    chamber.is_introducer = True
    account = owner_of(chamber)
    db.session.add(
        IntroducerLink(
            introducer_id=chamber.id,
            organisation_id=firm.id,
            consent_by="Noy",
            consent_how="paper",
            consent_version="1",
        )
    )
    db.session.commit()
    return account


def as_chamber(account: Account) -> Checker:
    return Checker(account.id, "Chamber of Luang Prabang", CheckedAs.INTRODUCER)


class TestUploading:
    def test_an_owner_sends_a_file_and_opens_it(self, app: Flask, page: PageClient) -> None:
        firm = firm_and_owner(page)
        before = changes.latest(db.session())
        done = upload(page, address(firm), papers.picture("PNG"))
        shown = page.follow(done)
        assert "not checked yet" in shown.text
        assert standing(firm) is Standing.UPLOADED
        assert changes.latest(db.session()) > before, "the match is told"
        opened = fetch(page, address(firm, FACT, "file"))
        assert opened.data.startswith(b"\x89PNG")
        headers = opened.headers
        assert headers["Content-Disposition"] == "inline; filename=registration.png"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert not db.session.scalars(select(EvidenceOpening)).all(), "one's own look is no news"

    def test_photos_of_one_paper_are_one_file(self, app: Flask, page: PageClient) -> None:
        firm = firm_and_owner(page)
        photos = [(io.BytesIO(papers.picture()), f"{number}.jpg") for number in range(3)]
        sent = {"fact": FACT, "file": photos}
        page.post(address(firm), sent, status=303, content_type="multipart/form-data")
        opened = fetch(page, address(firm, FACT, "file"))
        assert len(PdfReader(io.BytesIO(opened.data)).pages) == 3
        assert len(on_disk(app)) == 1

    def test_a_pdf_is_a_download(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        upload(page, address(firm), papers.pdf())
        opened = fetch(page, address(firm, FACT, "file"))
        assert opened.headers["Content-Disposition"] == "attachment; filename=registration.pdf"

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"no paper", "no PDF, JPEG or PNG"),
            (b"", "Choose a file"),
            (b"%PDF-1.7" + b" " * (11 * 1024 * 1024), "larger than 10 MB"),
        ],
        ids=["kind", "empty", "size"],
    )
    def test_what_is_refused_is_said_beside_the_field(
        self, app: Flask, page: PageClient, data: bytes, words: str
    ) -> None:
        firm = firm_and_owner(page)
        sent = {"fact": FACT, "file": (io.BytesIO(data), "a.pdf" if data else "")}
        shown = page.post(address(firm), sent, status=422, content_type="multipart/form-data")
        assert words in shown.one("#file-e").get_text()
        assert shown.form("#send form")["fact"] == FACT, "what was chosen is kept"
        assert on_disk(app) == set()

    def test_a_new_file_ends_the_check_of_the_old_one_which_goes(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account, adviser: Account
    ) -> None:
        first = keep(firm, owner.id)
        seen = first.public_id
        evidence_check.check(db_session, firm, as_chamber(adviser), FACT, seen, LookedAt.FILE)
        db_session.commit()
        assert standing(firm) is Standing.CHECKED
        second = keep(firm, owner.id)
        assert standing(firm) is Standing.UPLOADED
        run_jobs(app)
        assert on_disk(app) == {second.name}

    def test_the_room_is_measured_under_the_organisations_lock(
        self, app: Flask, firm: Organisation, owner: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        size = len(papers.picture("PNG"))
        monkeypatch.setattr(evidence_file, "QUOTA", 2 * size + 1)

        def step(fact: str) -> Callable[[], None]:
            def put() -> None:
                row = db.session.get_one(Organisation, firm.id)
                kept = evidence_file.Kept(f"{fact:0<32}", "image/png", size)
                evidence_file.keep_file(db.session(), row, owner.id, fact, kept)

            return put

        facts = ["registration", "licence", "tax_id", "tax_filed"]
        found = at_once(app, [step(fact) for fact in facts])
        assert sorted(found) == ["UnfitFileError", "UnfitFileError", "done", "done"]
        assert evidence_file.used(db.session(), firm.id) == 2 * size
        with pytest.raises(UnfitFileError) as refused:
            step("business_plan")()
        assert refused.value.problem is Problem.NO_ROOM

    def test_a_post_that_fails_leaves_no_file(
        self, app: Flask, page: PageClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        firm = firm_and_owner(page)
        monkeypatch.setattr(evidence_file, "QUOTA", 10)
        shown = upload(page, address(firm), papers.picture(), status=422)
        assert "more than 50 MB" in shown.one("#file-e").get_text()
        assert on_disk(app) == set()

    def test_removed_is_said_only_and_the_file_goes(self, app: Flask, page: PageClient) -> None:
        firm = firm_and_owner(page)
        upload(page, address(firm), papers.picture())
        page.post(address(firm, FACT, "remove"))
        assert standing(firm) is Standing.SAID
        run_jobs(app)
        assert on_disk(app) == set()
        page.get(address(firm, FACT, "file"), status=404)

    def test_what_is_no_longer_said_has_no_file(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        keep(firm, owner.id)
        evidence.state_facts(db_session, firm, owner.id, {FACT: False})
        db_session.commit()
        assert standing(firm) is None
        run_jobs(app)
        assert on_disk(app) == set()

    def test_what_a_crash_left_is_swept_up_and_nothing_else(
        self, app: Flask, firm: Organisation, owner: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = keep(firm, owner.id)
        store.put(Path(app.config["DATA"]), b"left")
        monkeypatch.setattr(store, "LOOSE_AFTER", timedelta(hours=-1))
        run_jobs(app)
        from matchmaker import jobs

        jobs.enqueue(db.session(), "organisations.sweep_evidence")
        run_jobs(app)
        assert on_disk(app) == {kept.name}


class TestChecking:
    def test_an_adviser_looks_and_checks_and_the_owner_sees_both(
        self, page: PageClient, new_page: Any, firm: Organisation, owner: Account, adviser: Account
    ) -> None:
        keep(firm, owner.id)
        page.sign_in(adviser)
        listed = page.get("/evidence/waiting")
        form = page.get(str(listed.one("main .rows a")["href"]))
        fetch(page, address(firm, FACT, "file"))
        page.submit(form, looked_at="original")
        assert "Nothing waits" in page.get("/evidence/waiting").text
        own = new_page().sign_in(owner)
        shown = own.get(address(firm))
        badge = shown.one(".chip.met").get_text()
        assert "by Chamber of Luang Prabang: The original paper" in badge
        assert "Chamber of Luang Prabang : Business registration" in shown.text
        told = db.session.scalars(select(Notice.kind).where(Notice.account_id == owner.id)).all()
        assert told == ["evidence.checked"]

    def test_staff_look_on_record_and_send_back_with_a_note(
        self, page: PageClient, new_page: Any, firm: Organisation, owner: Account
    ) -> None:
        keep(firm, owner.id)
        page.sign_in(StaffFactory(name="Officer Keo"))
        fetch(page, address(firm, FACT, "file"))
        opening = db.session.scalars(select(EvidenceOpening)).one()
        assert opening.opened_as is OpenedAs.STAFF
        form = page.get(address(firm, FACT, "check"))
        bad = page.submit(form, "section:nth-of-type(3) form", status=422, note="")
        assert "so that they know what to mend" in bad.text
        page.submit(form, "section:nth-of-type(3) form", note="The second page is missing.")
        shown = new_page().sign_in(owner).get(address(firm))
        assert "The second page is missing." in shown.text
        assert "The programme : Business registration" in shown.text
        assert "Nothing waits" in page.get("/evidence/waiting").text

    def test_the_list_is_what_one_may_check(
        self, page: PageClient, new_page: Any, firm: Organisation, owner: Account, adviser: Account
    ) -> None:
        keep(firm, owner.id)
        other = OrganisationFactory(name="Far Away Silk", province="LA-VT")
        keep(other, owner_of(other).id)
        assert "Far Away" not in page.sign_in(adviser).get("/evidence/waiting").text
        page.get(address(other, FACT, "check"), status=404)
        there = StaffFactory(scope=Scope.PROVINCE, scope_values=["LA-VT"])
        listed = new_page().sign_in(there).get("/evidence/waiting").text
        assert "Far Away" in listed
        assert "Nam Khan" not in listed
        viewer = new_page().sign_in(StaffFactory(staff_role=StaffRole.VIEWER))
        assert viewer.get("/evidence/waiting").all("main .rows a") == []
        assert fetch(viewer, address(firm, FACT, "file")).status_code == 404
        new_page().sign_in(owner).get("/evidence/waiting", status=404)

    def test_nobody_checks_their_own(self, page: PageClient, firm: Organisation) -> None:
        officer = StaffFactory()
        MembershipFactory(account=officer, organisation=firm)
        keep(firm, officer.id)
        page.sign_in(officer)
        page.get(address(firm, FACT, "check"), status=404)
        assert "Nothing waits" in page.get("/evidence/waiting").text

    def test_a_page_of_20_leads_to_the_next(self, page: PageClient) -> None:
        for _ in range(21):
            one = OrganisationFactory()
            db.session.add(
                EvidenceFile(
                    organisation_id=one.id, fact=FACT, name=one.public_id, media_type="x", size=1
                )
            )
            evidence.state_facts(db.session(), one, None, {FACT: True})
        db.session.commit()
        page.sign_in(StaffFactory())
        first = page.get("/evidence/waiting")
        assert len(first.all(".rows > li")) == 20
        assert len(page.get(str(first.one("a[rel=next]")["href"])).all(".rows > li")) == 1

    def test_a_check_holds_only_for_the_file_that_was_seen(
        self, page: PageClient, firm: Organisation, owner: Account, adviser: Account
    ) -> None:
        keep(firm, owner.id)
        form = page.sign_in(adviser).get(address(firm, FACT, "check"))
        keep(firm, owner.id)
        stale = page.submit(form, status=409, looked_at="file")
        assert "This changed in the meantime" in stale.text
        assert standing(firm) is Standing.UPLOADED

    def test_of_two_checks_and_a_new_file_the_checks_never_cover_the_new_file(
        self, app: Flask, firm: Organisation, owner: Account, adviser: Account
    ) -> None:
        officer = StaffFactory(name="Officer Keo")
        db.session.commit()
        checkers = [as_chamber(adviser), Checker(officer.id, officer.name, CheckedAs.STAFF)]
        for turn in range(4):
            seen = keep(firm, owner.id).public_id
            kept = evidence_file.Kept(f"{turn:032x}", "image/png", 1)

            def row() -> Organisation:
                return db.session.get_one(Organisation, firm.id)

            def new(kept: evidence_file.Kept = kept) -> None:
                evidence_file.keep_file(db.session(), row(), owner.id, FACT, kept)

            def check(by: Checker, seen: str = seen) -> Callable[[], None]:
                return lambda: evidence_check.check(
                    db.session(), row(), by, FACT, seen, LookedAt.FILE
                )

            steps = [*map(check, checkers), new]
            found = at_once(app, steps[turn % 3 :] + steps[: turn % 3])
            assert found.count("WrongState") + found.count("StaleVersion") in (1, 2), found
            assert standing(firm) is Standing.UPLOADED


class TestPrivacy:
    def test_files_are_listed_for_their_owner_and_go_with_the_last_person(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        keep(firm, owner.id)
        listed = privacy.export_account(db_session, owner.id)["evidence_file"]
        assert [row["fact"] for row in listed] == [FACT]
        privacy.erase_account(db_session, owner.id)
        db_session.commit()
        assert db_session.scalars(select(EvidenceFile)).all() == []
        run_jobs(app)
        assert on_disk(app) == set()

    def test_with_colleagues_the_files_stay_without_the_name_of_who_sent_them(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        MembershipFactory(organisation=firm, account=AccountFactory())
        kept = keep(firm, owner.id)
        privacy.erase_account(db_session, owner.id)
        db_session.commit()
        db_session.refresh(kept)
        assert kept.uploaded_by_id is None
        assert on_disk(app) == {kept.name}


def test_an_opening_is_in_the_audit_log(page: PageClient, firm: Organisation) -> None:
    keep(firm, owner_of(firm).id)
    officer = StaffFactory()
    fetch(page.sign_in(officer), address(firm, FACT, "file"))
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "evidence.opened"))
    assert [(row.account_id, row.code) for row in events] == [(officer.id, FACT)]


def test_a_check_of_what_is_only_said_needs_no_file(
    db_session: Session, firm: Organisation, adviser: Account
) -> None:
    evidence.state_facts(db_session, firm, None, {FACT: True})
    evidence_check.check(db_session, firm, as_chamber(adviser), FACT, "", LookedAt.ORIGINAL)
    db_session.commit()
    assert standing(firm) is Standing.CHECKED
    with pytest.raises(WrongState):
        evidence_check.check(db_session, firm, as_chamber(adviser), FACT, "", LookedAt.ORIGINAL)
    assert clock.today() == evidence.pieces(db_session, [firm.id])[0].fact.checked_on
