"""Papers between two sides: shared one by one, opened on record, taken back at once; and asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.contacts import services
from matchmaker.contacts.errors import AskedAlreadyError, TooManyAsksError
from matchmaker.contacts.models import (
    AskState,
    ContactEvent,
    ContactRequest,
    EvidenceAsk,
    EvidenceShare,
    StandardQuestion,
)
from matchmaker.contacts.services import evidence, evidence_asks
from matchmaker.contacts.services.evidence_asks import Wanted
from matchmaker.errors import WrongState
from matchmaker.extensions import clock, db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import (
    EvidenceFile,
    EvidenceOpening,
    Membership,
    OrganisationState,
)
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.test_queries import MOST, counted
from tests.contacts.test_races import at_once
from tests.factories import AccountFactory, MembershipFactory, OrganisationFactory, StaffFactory
from tests.organisations.papers import keep
from tests.page import PageClient

PLAN = Wanted("business_plan", "", "We read the plan before we meet.")
QUESTION = Wanted("", "Who keeps your books?", "Our committee asks it.")


@pytest.fixture
def request_(scene: Scene) -> ContactRequest:
    """The firm asked, the funder said yes."""
    row = scene.send()
    services.accept(scene.session, row, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    return row


@pytest.fixture
def file(scene: Scene, request_: ContactRequest) -> EvidenceFile:
    return keep(scene.firm, scene.owner.id, "business_plan")


def fetch(page: PageClient, at: str) -> Any:
    """A file is no page: its bytes and headers, in a request of its own."""
    return page._send(page.client.get, at)


def url(row: ContactRequest, *more: str) -> str:
    return "/".join([f"/requests/{row.public_id}", *more])


def shared(scene: Scene, row: ContactRequest, file: EvidenceFile) -> None:
    evidence.share(scene.session, row, scene.actor(Side.NEED), [file.public_id])
    scene.session.commit()


def status(page: PageClient, row: ContactRequest, file: EvidenceFile) -> int:
    return fetch(page, url(row, "evidence", file.public_id)).status_code


def kinds_told(account_id: int) -> list[str]:
    query = select(Notice.kind).where(Notice.account_id == account_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def looks() -> int:
    found = db.session.scalar(select(func.count()).select_from(EvidenceOpening)) or 0
    db.session.commit()
    return found


class TestSharing:
    def test_ticked_is_opened_on_record_and_taken_back_is_gone(
        self, scene: Scene, page: PageClient, new_page: Any, request_: ContactRequest, file: Any
    ) -> None:
        owner, banker = page.sign_in(scene.owner), new_page().sign_in(scene.banker)
        assert status(banker, request_, file) == 404, "nothing is shared by itself"
        owner.post(url(request_, "evidence/share"), {"file": file.public_id})
        shown = banker.get(url(request_))
        assert "Business plan" in shown.one("#evidence").get_text()
        opened = fetch(banker, shown.one("#evidence .rows a.btn")["href"])
        assert opened.data.startswith(b"\x89PNG")
        assert "sandbox" in opened.headers["Content-Security-Policy"]
        assert opened.headers["Cache-Control"] == "no-store"
        assert opened.headers["Content-Disposition"].startswith("inline")
        kept = fetch(banker, url(request_, "evidence", file.public_id) + "?download=1")
        assert kept.headers["Content-Disposition"].startswith("attachment")
        assert looks() == 2
        assert "They last opened it on" in owner.get(url(request_)).text
        assert (
            "Mekong Upland Fund"
            in owner.get(f"/organisations/{scene.firm.public_id}/evidence").text
        )
        owner.post(url(request_, "evidence/take-back"), {"file": file.public_id})
        assert status(banker, request_, file) == 404
        assert looks() == 2
        assert "evidence.shared" in kinds_told(scene.banker.id)
        assert "evidence.taken_back" in kinds_told(scene.banker.id)

    def test_who_may_not_open_it_gets_the_same_answer_as_for_what_is_not_there(
        self, scene: Scene, page: PageClient, new_page: Any, request_: ContactRequest, file: Any
    ) -> None:
        shared(scene, request_, file)
        there = url(request_, "evidence", file.public_id)
        missing = url(request_, "evidence", "zzzzzzzzzzzz")
        stranger = MembershipFactory(organisation=OrganisationFactory()).account
        db.session.commit()
        for account in (stranger, StaffFactory(), scene.owner):
            browser = new_page().sign_in(account)
            answers = [fetch(browser, at) for at in (there, missing)]
            assert [one.status_code for one in answers] == [404, 404]
            assert len(answers[0].data) == len(answers[1].data)
        assert looks() == 0

    @pytest.mark.parametrize("end", ["blocked", "suspended", "replaced", "removed", "colleague"])
    def test_an_end_of_whatever_kind_ends_the_opening(
        self, scene: Scene, page: PageClient, request_: ContactRequest, file: Any, end: str
    ) -> None:
        shared(scene, request_, file)
        page.sign_in(scene.banker)
        assert status(page, request_, file) == 200
        there = url(request_, "evidence", file.public_id)
        colleague = {"account_id": scene.banker.id, "organisation_id": scene.funder.id}
        if end == "blocked":
            request_.blocked_by, request_.blocked_at = Side.NEED, clock.now()
        elif end == "suspended":
            scene.firm.state = OrganisationState.SUSPENDED
        elif end == "replaced":
            keep(scene.firm, scene.owner.id, "business_plan")
        elif end == "removed":
            db.session.delete(file)
        else:
            db.session.delete(db.session.scalars(select(Membership).filter_by(**colleague)).one())
        db.session.commit()
        assert fetch(page, there).status_code == 404
        assert looks() == 1

    def test_nothing_goes_over_before_a_yes(self, scene: Scene, page: PageClient) -> None:
        row, file = scene.send(), keep(scene.firm, scene.owner.id)
        page.sign_in(scene.owner)
        page.post(url(row, "evidence/share"), {"file": file.public_id}, status=404)
        with pytest.raises(WrongState):
            evidence.share(scene.session, row, scene.actor(Side.NEED), [file.public_id])

    def test_only_ones_own_files_can_be_shared(
        self, scene: Scene, request_: ContactRequest, file: EvidenceFile
    ) -> None:
        by = scene.actor(Side.OFFER)
        assert evidence.share(scene.session, request_, by, [file.public_id, "no-such"]) == 0
        assert scene.session.scalars(select(EvidenceShare)).all() == []

    def test_the_page_says_when_it_cannot_be_written_down(
        self,
        scene: Scene,
        page: PageClient,
        request_: ContactRequest,
        file: EvidenceFile,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from sqlalchemy.exc import OperationalError

        from matchmaker.contacts.views import evidence as view

        def away(*_args: object, **_more: object) -> bool:
            raise OperationalError("", (), Exception("busy"))

        shared(scene, request_, file)
        monkeypatch.setattr(view, "log_opening", away)
        answer = fetch(page.sign_in(scene.banker), url(request_, "evidence", file.public_id))
        assert answer.status_code == 503
        assert b"PNG" not in answer.data

    def test_taken_back_against_opened_each_answer_sent_stands_in_the_log(
        self, app: Flask, scene: Scene, request_: ContactRequest, file: EvidenceFile
    ) -> None:
        browsers = [PageClient(app).sign_in(scene.banker) for _ in range(3)]
        firm, id, key = scene.actor(Side.NEED), request_.id, file.public_id
        at = url(request_, "evidence", key)
        for _ in range(3):
            shared(scene, request_, file)
            before, codes = looks(), Counter[int]()

            def back() -> None:
                row = db.session.get_one(ContactRequest, id)
                evidence.take_back(db.session(), row, firm, [key])

            def look(browser: PageClient, codes: Counter[int] = codes) -> Callable[[], None]:
                return lambda: codes.update([fetch(browser, at).status_code])

            assert set(at_once(app, [*map(look, browsers), back])) == {"done"}
            assert set(codes) <= {200, 404}
            assert looks() - before == codes[200]
            assert status(browsers[0], request_, file) == 404


class TestAsking:
    def test_a_paper_is_asked_for_with_a_reason_and_answered_by_sharing_it(
        self, scene: Scene, page: PageClient, new_page: Any, request_: ContactRequest, file: Any
    ) -> None:
        banker = page.sign_in(scene.banker)
        form = banker.get(url(request_, "evidence"))
        banker.submit(form, "#ask form", fact="business_plan", why="We read it before we meet.")
        assert "evidence.asked" in kinds_told(scene.owner.id)
        owner = new_page().sign_in(scene.owner)
        shown = owner.get(url(request_))
        assert "We read it before we meet." in shown.text
        owner.submit(shown, "#evidence li form")
        asked = db.session.scalars(select(EvidenceAsk)).one()
        assert asked.state is AskState.ANSWERED
        assert status(banker, request_, file) == 200
        assert "Answered with the file." in banker.get(url(request_)).text

    def test_a_question_is_answered_in_words(
        self, scene: Scene, page: PageClient, new_page: Any, request_: ContactRequest
    ) -> None:
        evidence_asks.ask(scene.session, request_, scene.actor(Side.OFFER), QUESTION)
        scene.session.commit()
        owner = page.sign_in(scene.owner)
        shown = owner.get(url(request_))
        empty = owner.submit(shown, "#evidence details form", status=422)
        assert "Write a few words." in empty.one("#evidence .wrong").get_text()
        key = next(name for name in shown.form("#evidence details form") if "answer" in name)
        owner.submit(shown, "#evidence details form", **{key: "My sister does."})
        banker = new_page().sign_in(scene.banker)
        assert "My sister does." in banker.get(url(request_)).text
        assert kinds_told(scene.banker.id)[-1] == "evidence.answered"
        again = owner.submit(shown, "#evidence details form", status=409, **{key: "Me."})
        assert "This changed in the meantime" in again.text

    def test_without_a_reason_it_is_not_asked_and_what_was_typed_is_kept(
        self, scene: Scene, page: PageClient, request_: ContactRequest
    ) -> None:
        page.sign_in(scene.banker)
        form = page.get(url(request_, "evidence"))
        bad = page.submit(form, "#ask form", status=422, question="Who keeps your books?")
        assert "Say why you ask" in bad.text
        assert bad.form("#ask form")["question"] == "Who keeps your books?"
        nothing = page.submit(form, "#ask form", status=422, why="Because.")
        assert "Choose a paper, or write a question." in nothing.text

    def test_one_piece_is_asked_for_once_until_it_is_answered(
        self, scene: Scene, page: PageClient, request_: ContactRequest
    ) -> None:
        bank = scene.actor(Side.OFFER)
        first = evidence_asks.ask(scene.session, request_, bank, PLAN)
        scene.session.commit()
        with pytest.raises(AskedAlreadyError):
            evidence_asks.ask(scene.session, request_, bank, PLAN)
        scene.session.rollback()
        page.sign_in(scene.banker)
        form = page.get(url(request_, "evidence"))
        bad = page.submit(form, "#ask form", status=422, fact="business_plan", why="Again.")
        assert "You have asked for this already" in bad.text
        evidence_asks.withdraw(scene.session, request_, bank, first.id)
        evidence_asks.ask(scene.session, request_, bank, PLAN)
        scene.session.commit()

    def test_two_colleagues_ask_once_and_answers_win_once(
        self, app: Flask, scene: Scene, request_: ContactRequest
    ) -> None:
        bank, firm, id = scene.actor(Side.OFFER), scene.actor(Side.NEED), request_.id

        def row() -> ContactRequest:
            return db.session.get_one(ContactRequest, id)

        asked = at_once(
            app,
            [lambda: evidence_asks.ask(db.session(), row(), bank, PLAN)] * 4,  # type: ignore[list-item]
        )
        assert Counter(asked) == {"done": 1, "AskedAlreadyError": 3}
        one = db.session.scalars(select(EvidenceAsk.id)).one()
        db.session.commit()
        steps = [
            lambda: evidence_asks.answer(db.session(), row(), firm, one, "Here."),
            lambda: evidence_asks.withdraw(db.session(), row(), bank, one),
        ] * 2
        assert Counter(at_once(app, steps)) == {"done": 1, "WrongState": 3}

    def test_ten_wait_at_most(self, scene: Scene, request_: ContactRequest) -> None:
        bank = scene.actor(Side.OFFER)
        for number in range(evidence_asks.MOST_OPEN):
            evidence_asks.ask(scene.session, request_, bank, Wanted("", f"Why {number}?", "So."))
        with pytest.raises(TooManyAsksError):
            evidence_asks.ask(scene.session, request_, bank, PLAN)

    def test_the_history_names_the_paper_and_never_the_question(
        self, scene: Scene, page: PageClient, request_: ContactRequest, file: EvidenceFile
    ) -> None:
        bank = scene.actor(Side.OFFER)
        evidence_asks.ask(scene.session, request_, bank, PLAN)
        evidence_asks.ask(scene.session, request_, bank, QUESTION)
        shared(scene, request_, file)
        shown = page.sign_in(scene.owner).get(url(request_))
        told = shown.one(".timeline").get_text()
        assert "Asked for more: Business plan" in told
        assert "Shared: Business plan" in told
        codes = db.session.scalars(select(ContactEvent.code)).all()
        assert QUESTION.question not in codes


class TestStandardQuestions:
    def test_kept_with_an_ask_and_asked_again_with_one_press(
        self, scene: Scene, page: PageClient, request_: ContactRequest
    ) -> None:
        page.sign_in(scene.banker)
        form = page.get(url(request_, "evidence"))
        page.submit(form, "#ask form", question="Who keeps your books?", why="So.", keep="y")
        asked = db.session.scalars(select(EvidenceAsk)).one()
        evidence_asks.withdraw(scene.session, request_, scene.actor(Side.OFFER), asked.id)
        scene.session.commit()
        form = page.get(url(request_, "evidence"))
        page.submit(form, "#ask li form")
        rows = db.session.scalars(select(EvidenceAsk).order_by(EvidenceAsk.id)).all()
        assert [row.question for row in rows] == ["Who keeps your books?"] * 2
        assert rows[1].why == "So."

    def test_they_are_kept_and_removed_on_their_page(self, scene: Scene, page: PageClient) -> None:
        at = f"/requests/questions/{scene.funder.public_id}"
        page.sign_in(scene.banker)
        page.submit(page.get(at), fact="business_plan", why="We always read it.")
        shown = page.get(at)
        assert "1 of 20 kept" in shown.text
        page.submit(shown, "main li form")
        assert "None yet." in page.get(at).text

    def test_twenty_are_kept_at_most_however_fast(
        self, app: Flask, scene: Scene, page: PageClient
    ) -> None:
        for number in range(18):
            db.session.add(
                StandardQuestion(organisation_id=scene.funder.id, question=str(number), why="So.")
            )
        funder, banker = scene.funder.id, scene.banker.id

        def keep_one(number: int) -> Callable[[], bool]:
            wanted = Wanted("", f"New {number}", "So.")
            return lambda: evidence_asks.keep_question(db.session(), funder, banker, wanted)

        at_once(app, [keep_one(number) for number in range(4)])
        assert len(evidence_asks.questions(db.session(), funder)) == StandardQuestion.MOST
        at = f"/requests/questions/{scene.funder.public_id}"
        page.sign_in(scene.banker)
        full = page.submit(page.get(at), "section:last-of-type form", 422, question="x", why="y")
        assert "You keep 20 questions already" in full.text

    def test_anothers_question_cannot_be_asked(
        self, scene: Scene, page: PageClient, request_: ContactRequest
    ) -> None:
        evidence_asks.keep_question(scene.session, scene.firm.id, scene.owner.id, QUESTION)
        scene.session.commit()
        key = db.session.scalars(select(StandardQuestion.public_id)).one()
        page.sign_in(scene.banker)
        page.post(url(request_, "asks"), {"standard": key}, status=404)


@pytest.mark.both
def test_the_pages_take_few_queries_however_much_there_is(
    scene: Scene, page: PageClient, request_: ContactRequest
) -> None:
    page.sign_in(scene.banker)
    page.get(url(request_))
    counts: list[tuple[int, int]] = []
    for facts in (("business_plan",), ("registration", "licence", "tax_id", "accounts_1y")):
        for fact in facts:
            shared(scene, request_, keep(scene.firm, scene.owner.id, fact))
            wanted = Wanted("", f"About {fact}?", "So.")
            evidence_asks.ask(scene.session, request_, scene.actor(Side.NEED), wanted)
            scene.session.commit()
        with counted() as on_request:
            page.get(url(request_))
        with counted() as own:
            page.get(url(request_, "evidence"))
        counts.append((len(on_request), len(own)))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST, "\n".join(on_request)


def test_words_go_with_who_wrote_them(
    db_session: Session, scene: Scene, request_: ContactRequest
) -> None:
    MembershipFactory(account=AccountFactory(), organisation=scene.funder)
    MembershipFactory(account=AccountFactory(), organisation=scene.firm)
    bank, firm = scene.actor(Side.OFFER), scene.actor(Side.NEED)
    row = evidence_asks.ask(db_session, request_, bank, QUESTION)
    db_session.flush()
    evidence_asks.answer(db_session, request_, firm, row.id, "My sister does.")
    db_session.commit()
    db_session.expire_all()
    mine = privacy.export_account(db_session, scene.owner.id)
    assert mine["evidence_ask_answer"][0]["answer"] == "My sister does."
    privacy.erase_account(db_session, scene.owner.id)
    privacy.erase_account(db_session, scene.banker.id)
    db_session.commit()
    db_session.refresh(row)
    assert (row.question, row.why, row.answer) == ("", "", "")
    assert row.account_id is row.answered_by_id is None


@pytest.mark.parametrize("colleague", [True, False])
def test_standard_questions_stay_with_colleagues_and_go_with_the_last(
    db_session: Session, scene: Scene, colleague: bool
) -> None:
    if colleague:
        MembershipFactory(account=AccountFactory(), organisation=scene.funder)
    evidence_asks.keep_question(db_session, scene.funder.id, scene.banker.id, QUESTION)
    db_session.commit()
    privacy.erase_account(db_session, scene.banker.id)
    db_session.commit()
    db_session.expire_all()
    kept = evidence_asks.questions(db_session, scene.funder.id)
    assert [row.created_by_id for row in kept] == ([None] if colleague else [])
