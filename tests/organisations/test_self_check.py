"""The self-check as a firm goes through it, alone or with its introducer, and what matches read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.audit import privacy
from matchmaker.audit.models import AuditEvent
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import changes, clock, db
from matchmaker.extensions.transactions import writing_session
from matchmaker.organisations import services
from matchmaker.organisations.models import (
    IntroducerLink,
    MembershipRole,
    Organisation,
    SelfCheck,
    SelfCheckSharing,
)
from matchmaker.organisations.services import self_check
from matchmaker.organisations.services.self_check_gaps import Gaps, gaps
from matchmaker.organisations.services.self_check_points import result
from matchmaker.vocabulary.self_check import current
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    OfferFactory,
    OrganisationFactory,
    ProviderFactory,
)
from tests.organisations.people import firm_and_owner, owner_of
from tests.organisations.test_races import AT_ONCE, together
from tests.page import PageClient

DIGITAL = {"tools": "tools_2", "payments": "payments_2", "online": "online_0", "copies": "copies_0"}
#: 4 + 5 + 0 + 0 of 20.
POINTS = 45
TODAY = clock.today()


@pytest.fixture
def firm(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory(readiness=None, readiness_answers={})
    db.session.commit()
    return made


@pytest.fixture
def owner(firm: Organisation) -> Account:
    return owner_of(firm)


def address(firm: Organisation, *more: str) -> str:
    return "/".join([f"/organisations/{firm.public_id}/self-check", *more])


def answer_worst(page: PageClient, firm: Organisation, *dimensions: str) -> None:
    """The first answer to everything on these pages."""
    for dimension in dimensions:
        asked = current().by_dimension[dimension]
        worst = {question.code: f"{question.code}_0" for question in asked}
        page.submit(page.get(address(firm, dimension)), **worst)


class TestGoingThroughIt:
    def test_a_page_a_dimension_saved_as_one_goes_to_a_score(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        begun = page.get(address(firm))
        assert "Begin" in begun.text
        assert not begun.all(".fit-num")
        third = {q.code: current().answers_to(q.code)[2].code for q in current().questions}
        pages = list(current().by_dimension)
        for code in pages[:3]:
            self_check.save(db.session(), firm, None, code, third)
        shown = page.get(address(firm, pages[3]))
        for code in pages[3:]:
            assert shown.one("h1").get_text() == current().dimensions.label(code, "en")
            asked = shown.form()
            chosen = {name: third[name] for name in asked if name in third and code != "people"}
            shown = page.follow(page.submit(shown, **chosen))
        assert shown.one(".fit-num b").get_text() == "87"
        assert "From 17 of 20 questions" in shown.text
        assert "Your strongest side: Registration and papers" in shown.text

    def test_there_is_no_score_from_less_than_half(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        self_check.save(db.session(), firm, owner.id, "digital", DIGITAL)
        self_check.finish(db.session(), firm, owner.id, TODAY)
        shown = page.sign_in(owner).get(address(firm))
        assert not shown.all(".fit-num")
        assert "You have answered 4 of 20" in shown.text

    def test_another_device_goes_on_where_one_stopped(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        phone, office = PageClient(app).sign_in(owner), PageClient(app).sign_in(owner)
        shown = phone.get(address(firm, "papers"))
        stopped = phone.submit(shown, registered="registered_3", stay="y")
        assert stopped.location.endswith("/self-check")
        there = office.get(address(firm))
        assert "1 of 20 questions answered" in there.text
        assert there.all(f"a[href$='{address(firm, 'money')}']")
        kept = office.get(address(firm, "papers"))
        assert kept.form()["registered"] == "registered_3"
        assert kept.form()["tax"] == "", "skipped"
        assert office.get(address(firm, "no-such-part"), status=404)

    def test_an_answer_can_be_taken_back(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        page.submit(page.get(address(firm, "papers")), registered="registered_3", tax="tax_0")
        page.submit(page.get(address(firm, "papers")), registered="")
        assert db.session.scalars(select(SelfCheck)).one().answers == {"tax": "tax_0"}

    def test_what_is_not_on_the_list_is_said_beside_the_question(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        shown = page.get(address(firm, "papers"))
        back = page.submit(shown, registered="tax_2", tax="tax_2", status=422)
        assert "Choose one from the list" in back.one("#registered-e").get_text()
        assert back.form()["tax"] == "tax_2", "what was chosen is kept"

    def test_finishing_without_an_answer_says_so(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        done = page.post(address(firm, "finish"))
        assert "Answer a question first" in page.follow(done).text

    def test_whoever_was_overtaken_sees_both(self, page: PageClient, app: Flask) -> None:
        firm = firm_and_owner(page)
        other = PageClient(app).sign_in(owner_of(firm, MembershipRole.MEMBER))
        old, elsewhere = page.get(address(firm, "papers")), page.get(address(firm, "money"))
        other.submit(other.get(address(firm, "papers")), registered="registered_3")
        page.submit(elsewhere, bank="bank_0")
        back = page.submit(old, registered="registered_0", status=409)
        assert "Yes, and we can show the paper" in back.one("dl.facts").get_text()
        page.submit(back)
        kept = db.session.scalars(select(SelfCheck)).one().answers
        assert kept == {"registered": "registered_0", "bank": "bank_0"}

    def test_an_introducer_goes_through_it_and_is_named(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        chamber = OrganisationFactory(name="Chamber of Pakse", is_firm=False, is_introducer=True)
        adviser = PageClient(app).sign_in(owner_of(chamber))
        db.session.add(
            IntroducerLink(
                introducer_id=chamber.id,
                organisation_id=firm.id,
                consent_by="Noy",
                consent_how="paper",
                consent_version="1",
            )
        )
        answer_worst(adviser, firm, "papers", "money", "market", "plan")
        shown = PageClient(app).sign_in(owner).get(address(firm))
        assert "Filled in with Chamber of Pakse" in shown.text
        assert "Only the business itself sets this tick" in adviser.get(address(firm)).text
        adviser.post(address(firm, "sharing"), {"share": "y"}, status=404)

    def test_the_numbers_on_the_page_add_up(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        mixed = {"papers": {"registered": "registered_3"}, "digital": DIGITAL}
        answer_worst(page, firm, "money", "market")
        for code, several in mixed.items():
            page.submit(page.get(address(firm, code)), **several)
        page.post(address(firm, "finish"))
        shown = page.get(address(firm))
        score = float(shown.one(".fit-num b").get_text())
        tables = shown.all(".panel details.more table")
        sums = [_column(table) for table in tables]
        assert all(abs(sum(rows) - total) < 0.01 for rows, total in sums)
        assert sums[-1][1] == score
        assert abs(sum(total for _rows, total in sums[:-1]) - score) < 0.01


def _column(table: object) -> tuple[list[float], float]:
    cells = [cell.get_text() for cell in table.select("td.num")]  # type: ignore[attr-defined]
    numbers = [float(text) for text in cells if text[0].isdigit()]
    return numbers[:-1], numbers[-1]


class TestOverTime:
    def test_one_a_day_counts_and_the_next_begins_with_the_last(
        self, firm: Organisation, owner: Account
    ) -> None:
        session = db.session()
        for answers in ({"registered": "registered_0"}, {"registered": "registered_3"}):
            self_check.save(session, firm, owner.id, "papers", answers)
            self_check.finish(session, firm, owner.id, TODAY)
        known = self_check.history(session, firm)
        assert [row.answers["registered"] for row in known.counted] == ["registered_3"]
        self_check.save(session, firm, owner.id, "plan", {"use": "use_3"})
        row = self_check.finish(session, firm, owner.id, TODAY + timedelta(days=1))
        assert row.answers == {"registered": "registered_3", "use": "use_3"}
        assert row.edition == current().version
        assert len(self_check.history(session, firm).counted) == 2
        with pytest.raises(WrongState):
            self_check.finish(session, firm, owner.id, TODAY)

    def test_past_scores_stand_in_words_and_in_a_table(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        for back, score in ((40, 30), (3, 62)):
            day = TODAY - timedelta(days=back)
            db.session.add(
                SelfCheck(organisation_id=firm.id, edition="2026-11", day=day, score=score)
            )
        shown = page.get(address(firm))
        past = shown.one("section[aria-labelledby=h-past]")
        assert len(past.select("tbody tr")) == 2
        assert [row.get_text() for row in past.select("tbody td.num")] == ["62", "30"]
        assert past.select("svg polyline")[0]["points"].split() == ["0.0,70", "100.0,38"]
        assert "From 30 on" in past.get_text()

    def test_many_who_finish_at_once_leave_one_of_the_day(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        firm_id, by = firm.id, owner.id

        def work(number: int) -> str:
            try:
                with writing_session(db.engine) as session:
                    row = session.get_one(Organisation, firm_id)
                    answers = {"registered": f"registered_{number % 4}"}
                    self_check.save(session, row, by, "papers", answers)
                    self_check.finish(session, row, by, TODAY)
            except WrongState:
                return "late"
            return "kept"

        assert together(app, work) == ["kept"] * AT_ONCE
        assert db.session.scalar(select(func.count()).select_from(SelfCheck)) == 1

    def test_pages_saved_at_once_lose_no_answer(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        firm_id, by = firm.id, owner.id
        first = {code: asked[0].code for code, asked in current().by_dimension.items()}
        pages = list(first)

        def work(number: int) -> str:
            code = pages[number % len(pages)]
            with writing_session(db.engine) as session:
                row = session.get_one(Organisation, firm_id)
                self_check.save(session, row, by, code, {first[code]: f"{first[code]}_1"})
            return "kept"

        together(app, work)
        row = db.session.scalars(select(SelfCheck)).one()
        assert row.answers == {code: f"{code}_1" for code in first.values()}


class TestMatches:
    def finished(self, firm: Organisation, owner: Account) -> None:
        self_check.save(db.session(), firm, owner.id, "digital", DIGITAL)
        self_check.finish(db.session(), firm, owner.id, TODAY)
        db.session.commit()

    def test_they_read_nothing_until_the_firm_ticks_and_nothing_once_it_unticks(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        before = changes.latest(db.session())
        self.finished(firm, owner)
        assert firm.readiness is None
        assert changes.latest(db.session()) == before, "the index is not told"
        page.sign_in(owner)
        shown = page.get(address(firm))
        assert "share" not in shown.form("form[action$=sharing]"), "off at first"
        assert "give 45 of 100. Others would see: Average." in shown.text
        page.submit(shown, "form[action$=sharing]", share="y")
        assert firm.readiness == POINTS
        given = changes.latest(db.session())
        assert given > before
        shown = page.get(address(firm))
        form = shown.form("form[action$=sharing]")
        assert form.pop("share")
        page.post(address(firm, "sharing"), form, token=False)
        assert firm.readiness is None
        assert changes.latest(db.session()) > given
        kept = db.session.scalars(select(SelfCheckSharing)).one()
        assert (kept.given_by_id, kept.ended_by_id) == (owner.id, owner.id)
        events = db.session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
        assert [one for one in events if one.startswith("self_check")] == [
            "self_check.finished",
            "self_check.shared",
            "self_check.unshared",
        ]

    def test_while_shared_a_new_check_goes_on_and_the_profile_step_does_not_undo_it(
        self, firm: Organisation, owner: Account
    ) -> None:
        session = db.session()
        self.finished(firm, owner)
        self_check.share(session, firm, owner.id)
        self_check.share(session, firm, owner.id)
        profile = dict.fromkeys(("strategy", "digital", "people", "data", "automation", "green"), 3)
        services.update_organisation(session, firm, owner.id, readiness_answers=profile)
        assert firm.readiness == POINTS
        best = {**DIGITAL, "online": "online_3", "copies": "copies_2"}
        self_check.save(session, firm, owner.id, "digital", best)
        assert firm.readiness == POINTS, "what is half filled in is not read"
        self_check.finish(session, firm, owner.id, TODAY)
        assert firm.readiness == 95
        self_check.stop_sharing(session, firm, owner.id)
        assert firm.readiness == 100, "the profile's own answers again"

    def test_nobody_else_reads_the_answers(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        self.finished(firm, owner)
        stranger = PageClient(app)
        firm_and_owner(stranger)
        for more in ((), ("digital",)):
            stranger.get(address(firm, *more), status=404)
        stranger.post(address(firm, "sharing"), {"share": "y"}, status=404)


class TestGaps:
    def found(self, firm: Organisation, answers: dict[str, str]) -> Gaps:
        return gaps(db.session(), firm, result(current(), answers))

    def test_what_opens_most_comes_first_with_who_helps(
        self, firm: Organisation, owner: Account
    ) -> None:
        for _number in range(2):
            CriterionFactory(offer=OfferFactory(), fact="business_plan", operator="has", values=[])
        CriterionFactory(offer=OfferFactory(), fact="registration", operator="has", values=[])
        wish = CriterionFactory(offer=OfferFactory(), fact="tax_filed", operator="has", values=[])
        wish.must = False
        provider = ProviderFactory()
        for number in range(3):
            OfferFactory(organisation=provider, kind="service", code="ADVICE", title=f"A{number}")
        db.session.commit()
        worst = {code: f"{code}_0" for code in ("registered", "tax", "written_plan", "orders")}
        found = self.found(firm, worst | {"bank": "bank_3"})
        order = [(gap.line.question.code, gap.opens) for gap in found.gaps]
        assert order == [("written_plan", 2), ("registered", 1), ("tax", 0), ("orders", 0)]
        assert found.offers == 7
        assert [offer.title for offer in found.gaps[0].helpers] == ["A2", "A1"]
        services.state_facts(db.session(), firm, owner.id, {"business_plan": True})
        again = self.found(firm, worst)
        assert again.gaps[0].line.question.code == "registered", "what it has is no gap of papers"

    def test_an_offer_that_asks_for_fewer_digital_points_than_there_are_is_open(
        self, firm: Organisation
    ) -> None:
        for least in (40, 60):
            CriterionFactory(
                offer=OfferFactory(), fact="readiness", operator="at_least", values=[least]
            )
        db.session.commit()
        opens = {gap.line.question.code: gap.opens for gap in self.found(firm, DIGITAL).gaps}
        assert opens == {"tools": 1, "online": 1, "copies": 1}

    def test_the_page_names_offers_papers_and_an_adviser(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        CriterionFactory(offer=OfferFactory(), fact="registration", operator="has", values=[])
        OfferFactory(organisation=ProviderFactory(), kind="service", code="ADVICE", title="One day")
        answer_worst(page, firm, "papers", "plan")
        shown = page.get(address(firm))
        first = shown.all("section[aria-labelledby=h-gaps] li")[0].get_text()
        for words in ("Get your business registration", "1 of the 2 newest offers", "One day"):
            assert words in first
        assert "an adviser of the programme" in first
        assert shown.all(f"a[href*='/organisations/{firm.public_id}/evidence?piece=registration']")

    def test_it_takes_the_same_few_queries_however_much_there_is(
        self, page: PageClient, count_queries: Callable[[Callable[[], object]], int]
    ) -> None:
        firm = firm_and_owner(page)
        answer_worst(page, firm, "papers", "plan")
        url = address(firm)
        few = count_queries(lambda: page.get(url))
        for number in range(4):
            offer = OfferFactory(organisation=ProviderFactory(), kind="service", code="ADVICE")
            CriterionFactory(offer=offer, fact="registration", operator="has", values=[])
            day = TODAY - timedelta(days=number + 1)
            db.session.add(SelfCheck(organisation_id=firm.id, edition="2026-11", day=day, score=1))
        db.session.commit()
        assert count_queries(lambda: page.get(url)) == few
        assert few <= 12


class TestPrivacy:
    def test_an_owner_takes_it_along_and_it_goes_with_the_firm(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        self_check.save(db_session, firm, owner.id, "digital", DIGITAL)
        self_check.finish(db_session, firm, owner.id, TODAY)
        self_check.share(db_session, firm, owner.id)
        found = privacy.export_account(db_session, owner.id)
        assert found["self_check"][0]["answers"] == DIGITAL
        assert found["self_check_sharing"][0]["given_at"]
        privacy.erase_account(db_session, owner.id)
        for model in (SelfCheck, SelfCheckSharing):
            assert db_session.scalars(select(model)).all() == []
        assert firm.readiness is None

    def test_with_colleagues_it_stays_and_who_filled_it_in_goes(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        owner_of(firm, MembershipRole.MEMBER)
        self_check.save(db_session, firm, owner.id, "digital", DIGITAL)
        self_check.finish(db_session, firm, owner.id, TODAY)
        self_check.share(db_session, firm, owner.id)
        privacy.erase_account(db_session, owner.id)
        db_session.expire_all()
        assert db_session.scalars(select(SelfCheck)).one().filled_by_id is None
        assert db_session.scalars(select(SelfCheckSharing)).one().given_by_id is None
        assert firm.readiness == POINTS


def test_a_page_that_somebody_else_changed_is_stale(firm: Organisation, owner: Account) -> None:
    session, edition = db.session(), current()
    opened = self_check.seen(edition, "papers", {})
    self_check.save(session, firm, owner.id, "papers", {"tax": "tax_2"}, version=opened)
    self_check.save(session, firm, owner.id, "papers", {"tax": "tax_2"}, version=opened)
    with pytest.raises(StaleVersion):
        self_check.save(session, firm, owner.id, "papers", {"tax": "tax_0"}, version=opened)


def test_an_account_of_no_firm_has_nothing(db_session: Session) -> None:
    assert privacy.export_account(db_session, AccountFactory().id)["self_check"] == []
