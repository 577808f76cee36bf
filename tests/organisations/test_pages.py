"""Pages of the room through the client that lints each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.extensions import db
from matchmaker.language import glossary
from matchmaker.organisations import profile_steps
from matchmaker.organisations.models import (
    IntroducerLink,
    Membership,
    MembershipRole,
    Need,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services.understood import MOST
from tests.factories import (
    AccountFactory,
    BusinessIdFactory,
    CriterionFactory,
    FunderFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.organisations.people import firm_and_owner, owner_of
from tests.page import PageClient

NOBODY = "222222222222"


class TestMyBusiness:
    def test_who_has_none_is_asked_to_start(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        assert (
            page.get("/my-business").one(".empty a.btn:first-of-type")["href"]
            == "/organisations/new"
        )

    def test_who_has_one_is_led_to_it(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        assert page.get("/my-business", 303).location.endswith(f"/organisations/{firm.public_id}")

    def test_who_has_two_chooses(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        account = db.session.scalars(select(Membership)).one().account
        other = OrganisationFactory(name="Second shop")
        db.session.add(Membership(account=account, organisation=other, role=MembershipRole.MEMBER))
        db.session.commit()
        assert {firm.name, "Second shop"} <= {
            link.text for link in page.get("/my-business").all("main li a")
        }

    def test_who_left_out_what_is_needed_is_led_back_to_it(self, page: PageClient) -> None:
        firm = firm_and_owner(page, state=OrganisationState.DRAFT, sector=None, plain_sector=None)
        firm.steps_done = [step.key for step in profile_steps.steps_for(firm)]
        db.session.commit()
        desk = page.get(f"/organisations/{firm.public_id}")
        assert str(desk.one(".note a.btn")["href"]).endswith("/profile/sector")
        assert "10 of 11 steps done" in desk.text
        assert "1 short step is left." in page.get("/start").text
        steps = page.get(f"/organisations/{firm.public_id}/profile/name")
        assert len(steps.all(".stepper li.done")) == 9

    def test_who_came_in_without_a_province_is_led_to_where_it_is_asked(
        self, page: PageClient
    ) -> None:
        firm = firm_and_owner(page, state=OrganisationState.DRAFT, province="")
        firm.steps_done = [step.key for step in profile_steps.steps_for(firm)]
        db.session.commit()
        desk = page.get(f"/organisations/{firm.public_id}")
        assert str(desk.one(".note a.btn")["href"]).endswith("/profile/name")

    def test_a_firm_of_a_country_whose_provinces_nobody_lists_is_sent_in(
        self, page: PageClient
    ) -> None:
        firm = firm_and_owner(page, state=OrganisationState.DRAFT, country="MY", province="")
        page.post(f"/organisations/{firm.public_id}/submit", status=303)
        assert firm.state is OrganisationState.IN_REVIEW

    def test_who_only_lends_is_offered_nothing_of_a_firms(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        own = "a[href$='/needs/new/finance'], a[href$='/self-check'], a[href$='/showroom']"
        assert len(page.get(f"/organisations/{firm.public_id}").all(own)) >= 3
        firm.is_firm, firm.is_funder = False, True
        db.session.commit()
        assert page.get(f"/organisations/{firm.public_id}").all(own) == []

    @pytest.mark.parametrize("state", list(OrganisationState))
    def test_each_state_says_what_to_do_next(
        self, page: PageClient, state: OrganisationState
    ) -> None:
        firm = firm_and_owner(page, state=state, review_note="Which district?")
        desk = page.get(f"/organisations/{firm.public_id}")
        assert desk.one(".note h2").text
        assert ("Which district?" in desk.text) is (
            state in (OrganisationState.SENT_BACK, OrganisationState.SUSPENDED)
        )

    def test_who_offers_finds_its_desk_from_its_own_page(self, page: PageClient) -> None:
        fund = firm_and_owner(page, is_firm=False, is_funder=True)
        own = page.get(f"/organisations/{fund.public_id}")
        assert page.get(own.one("a[href^='/desk/']")["href"], status=303)
        firm = firm_and_owner(page)
        assert not page.get(f"/organisations/{firm.public_id}").all("a[href^='/desk/']")


class TestNewOrganisation:
    ANSWERS = {
        "roles": "firm",
        "name": "Nam Khan Coffee",
        "name_lang": "en",
        "country": "LA",
        "province": "LA-LP",
    }

    def test_a_twin_is_pointed_out_without_saying_whose_it_is(
        self, page: PageClient, new_page: Callable[[], PageClient]
    ) -> None:
        there = firm_and_owner(page, name="Nam Khan Coffee", contact_email="secret@example.org")
        there.name_key = "namkhancoffee"
        db.session.commit()
        other = new_page().sign_in(AccountFactory())
        again = other.submit(other.get("/organisations/new"), status=200, **self.ANSWERS)
        assert "already registered" in again.text
        assert there.public_id not in again.response.text
        assert "secret" not in again.response.text
        other.submit(again, go_on="y")
        assert len(db.session.scalars(select(Organisation)).all()) == 2

    def test_asking_to_join_reaches_the_owner_who_lets_them_in(
        self, page: PageClient, new_page: Callable[[], PageClient]
    ) -> None:
        there = firm_and_owner(page, name="Nam Khan Coffee", name_key="namkhancoffee")
        stranger = AccountFactory(name="Noy")
        other = new_page().sign_in(stranger)
        other.post("/organisations/join", dict(self.ANSWERS))
        people = page.get(f"/organisations/{there.public_id}/members")
        assert "Noy" in people.text
        page.submit(people, "form[action$=accept]")
        assert other.get(f"/organisations/{there.public_id}").text.count("Nam Khan Coffee")

    def test_sent_twice_it_is_made_once(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        form = page.get("/organisations/new")
        for _ in range(2):
            page.submit(form, **self.ANSWERS)
        assert len(db.session.scalars(select(Organisation)).all()) == 1

    def test_what_was_typed_stays_when_something_is_missing(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        back = page.submit(
            page.get("/organisations/new"), status=422, **self.ANSWERS | {"province": "KH-12"}
        )
        assert back.one("#name")["value"] == "Nam Khan Coffee"
        assert back.one("#error-summary a")["href"] == "#province"


class TestProvinces:
    def test_they_follow_the_country_at_once(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        region = page.get("/organisations/provinces?country=KH", htmx=True)
        codes = {tag["value"] for tag in region.all("option") if tag["value"]}
        assert codes
        assert all(code.startswith("KH-") for code in codes)

    def test_who_must_choose_one_is_not_told_that_it_may_stay_open(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        label = 'label[for="province"]'
        url = "/organisations/provinces?country="
        for asked, open_to in (("LA&roles=firm", False), ("LA&roles=funder", True), ("ID", True)):
            region = page.get(f"{url}{asked}", htmx=True)
            assert ("(optional)" in region.one(label).text) is open_to, asked
        undecided = page.get("/organisations/new")
        assert "(optional)" not in undecided.one(label).text
        assert "A business must choose it" in undecided.one("#province-h").text
        assert undecided.one("#country")["hx-include"] == "[name=roles]"

    def test_a_visitor_gets_none(self, page: PageClient) -> None:
        """The matrix asks without htmx, where everybody is sent to the form."""
        sent_away = page.get("/organisations/provinces?country=KH", status=204, htmx=True)
        assert "/sign-in" in sent_away.response.headers["HX-Redirect"]

    def test_without_script_another_country_brings_its_provinces_with_the_form(
        self, page: PageClient
    ) -> None:
        page.sign_in(AccountFactory())
        answers = {"roles": "firm", "name": "Angkor silk", "name_lang": "en", "country": "KH"}
        back = page.submit(page.get("/organisations/new"), status=422, **answers)
        page.submit(back, province="KH-12")

    def test_a_country_without_a_list_asks_for_none(self, page: PageClient) -> None:
        page.sign_in(AccountFactory())
        answers = {"roles": "firm", "name": "Batik", "name_lang": "en", "country": "ID"}
        page.submit(page.get("/organisations/new"), **answers)


class TestProfile:
    @pytest.mark.parametrize("key", list(profile_steps.STEPS))
    def test_each_step_opens_and_saves_untouched(self, page: PageClient, key: str) -> None:
        firm = firm_and_owner(page, is_funder=profile_steps.STEPS[key].funders_only)
        before = {c.key: getattr(firm, c.key) for c in Organisation.__table__.columns}
        step = page.get(f"/organisations/{firm.public_id}/profile/{key}")
        page.submit(step)
        db.session.expire_all()
        moved = {"version", "updated_at", "steps_done", "name_key", "size_rule", "second_look_at"}
        changed = {name for name, value in before.items() if getattr(firm, name) != value}
        assert changed - moved <= {"size_class"}
        assert key in firm.steps_done

    @pytest.mark.slow
    @pytest.mark.parametrize("key", list(profile_steps.STEPS))
    def test_a_post_of_every_column_changes_only_what_the_step_asks(
        self, page: PageClient, key: str
    ) -> None:
        firm = firm_and_owner(page, is_funder=profile_steps.STEPS[key].funders_only)
        forbidden = ("id", "public_id", "state", "size_class", "source", "name_key", "published_at",
                     "second_look_at", "reply_bins", "last_active_at", "review_note")  # fmt: skip
        before = {name: getattr(firm, name) for name in forbidden}
        opened = page.get(f"/organisations/{firm.public_id}/profile/{key}")
        asked = {str(tag["name"]) for tag in opened.all("main [name]")}
        every = {c.key: "1" for c in Organisation.__table__.columns if c.key not in asked}
        page.submit(opened, **every)
        db.session.expire_all()
        worked_out = {"second_look_at", "size_class", "name_key"}
        assert {name for name in forbidden if getattr(firm, name) != before[name]} <= worked_out

    def test_an_overtaken_form_shows_both_texts_and_loses_nothing(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        url = f"/organisations/{firm.public_id}/profile/words"
        first, second = page.get(url), page.get(url)
        page.submit(first, about="Saved by Noy.", about_lang="en")
        conflict = page.submit(second, status=409, about="Typed by Kham.", about_lang="en")
        assert "Saved by Noy." in conflict.one("[role=alert]").text
        assert conflict.one("#about").text.strip() == "Typed by Kham."
        page.submit(conflict)
        db.session.expire_all()
        assert firm.about == "Typed by Kham."

    def test_a_sector_is_found_by_searching_with_and_without_htmx(self, page: PageClient) -> None:
        firm = firm_and_owner(page, sector="", plain_sector="")
        url = f"/organisations/{firm.public_id}/profile/sector"
        found = page.submit(page.get(url), status=200, search="y", q="footwear")
        assert "1520" in found.one("#sector-results").text
        region = page.get(f"/organisations/{firm.public_id}/sectors?q=footwear", htmx=True)
        assert [tag.get("id") for tag in region.soup.find_all(recursive=False)] == [
            "sector-results"
        ]
        assert "(optional)" not in found.one('label[for="plain_sector"]').text
        neither = page.submit(found, status=422, plain_sector="")
        assert neither.one("#error-summary a")["href"] == "#plain_sector"
        page.submit(found, sector="1520", plain_sector="")
        db.session.expire_all()
        assert firm.sector == "1520"

    @pytest.mark.parametrize(("words", "code"), [("mango", "0122"), ("motorbike noodles", "1074")])
    def test_what_no_kind_of_business_is_named_after_is_found_by_what_it_means(
        self, page: PageClient, words: str, code: str
    ) -> None:
        firm = firm_and_owner(page, sector="", plain_sector="")
        url = f"/organisations/{firm.public_id}/profile/sector"
        assert [box["value"] for box in page.get(f"{url}?q={words}").all("[name=sector]")] == [code]

    def test_an_answer_by_radio_buttons_is_taken_back(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        url = f"/organisations/{firm.public_id}/profile/digital"
        page.submit(page.get(url), data="2")
        db.session.expire_all()
        assert firm.readiness_answers == {"data": 2}
        assert page.get(url).one("input[name=data][value='']")
        page.submit(page.get(url), data="")
        db.session.expire_all()
        assert firm.readiness_answers == {}

    def test_goals_and_figures_of_investors_stand_in_groups_open_where_ticked(
        self, page: PageClient
    ) -> None:
        firm = firm_and_owner(page, impact=["2x:ownership"])
        groups = page.get(f"/organisations/{firm.public_id}/profile/words").all("fieldset details")
        assert [group.has_attr("open") for group in groups] == [False, True, False]

    def test_the_last_step_has_nothing_to_go_on_to(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        url = f"/organisations/{firm.public_id}/profile"
        acts = page.get(f"{url}/contact").all(".form-acts button")
        assert [button.text for button in acts] == ["Save"]
        assert len(page.get(f"{url}/words").all(".form-acts button")) == 2

    def test_the_size_step_names_the_rule(self, page: PageClient) -> None:
        firm = firm_and_owner(page, sector="1079", staff=3)
        assert page.get(f"/organisations/{firm.public_id}/profile/size").all(".note .tiny")

    def test_what_is_not_yet_held_against_the_law_is_said_in_the_readers_words(
        self, page: PageClient
    ) -> None:
        firm = firm_and_owner(page, sector="4711", staff=3)
        shown = page.get(f"/organisations/{firm.public_id}/profile/size").one(".note")
        assert "not yet checked against the law" in shown.text
        assert "Decree 25/GOL" in shown.text
        assert "from memory" not in shown.text
        lao = page.get(f"/organisations/{firm.public_id}/profile/size?lang=lo").one(".note")
        assert "ຍັງບໍ່ໄດ້ທຽບກັບກົດໝາຍ" in lao.text

    def test_evidence_is_yes_no_or_open(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        url = f"/organisations/{firm.public_id}/profile/evidence"
        page.submit(page.get(url), accounts_1y="yes", business_plan="no")
        shown = page.get(url).one("select[name=accounts_1y]")
        assert [option["value"] for option in shown.select("option")] == ["", "yes", "no"]
        page.submit(page.get(url), accounts_1y="")
        db.session.expire_all()
        assert {fact.fact: fact.value for fact in firm.facts} == {"business_plan": False}

    def test_a_number_of_the_wrong_shape_is_pointed_out(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        url = f"/organisations/{firm.public_id}/profile/ids"
        back = page.submit(page.get(url), status=422, scheme_0="LA-TIN", number_0="12")
        assert back.one("#number_0")["value"] == "12"

    def test_a_funder_is_asked_less(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        page.get(f"/organisations/{fund.public_id}/profile/evidence", status=404)
        assert page.get(f"/organisations/{fund.public_id}/profile/words").one("#about")

    def test_who_only_gives_is_not_asked_as_a_business_is(self, page: PageClient) -> None:
        fund = firm_and_owner(page, is_firm=False, is_funder=True)
        words = page.get(f"/organisations/{fund.public_id}/profile/words")
        assert "What do you give, to whom" in words.text
        assert "Your business" not in words.one("main form").get_text()
        contact = page.get(f"/organisations/{fund.public_id}/profile/contact")
        assert not contact.all("[name=show_name]")
        page.submit(contact, contact_name="Mali")
        db.session.refresh(fund)
        assert fund.contact_name == "Mali"
        fund.is_firm = True
        db.session.commit()
        words = page.get(f"/organisations/{fund.public_id}/profile/words")
        assert "Your business in your own words" in words.text
        assert page.get(f"/organisations/{fund.public_id}/profile/contact").one("[name=show_name]")


class TestNeeds:
    def test_a_service_need_has_its_own_questions(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        form = page.get(f"/organisations/{firm.public_id}/needs/new/service")
        assert "What takes too long" in form.text
        shown = page.follow(
            page.submit(form, code="ACCOUNTING", title="Simple accounts", lang="en")
        )
        assert "Accounting and bookkeeping" in shown.text

    def test_what_is_wrong_is_listed_in_the_order_of_the_page(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        form = page.get(f"/organisations/{firm.public_id}/needs/new/finance")
        wrong = page.submit(form, status=422, needed_by="2020-01-01")
        asked = [link["href"] for link in wrong.all("#error-summary li a")]
        assert asked == ["#amount_minor", "#purpose", "#needed_by", "#title"]

    def test_a_draft_waits_for_its_owner(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        form = page.get(f"/organisations/{firm.public_id}/needs/new/service")
        shown = page.follow(page.submit(form, code="CRM", title="Customers", lang="en", draft="y"))
        need = db.session.scalars(select(Need)).one()
        assert need.state is PublicationState.DRAFT
        page.submit(shown, "form[action$=publish]")
        db.session.expire_all()
        assert need.state is PublicationState.PUBLISHED

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (OrganisationState.DRAFT, "Send in for publication"),
            (OrganisationState.IN_REVIEW, "A reviewer is looking at your organisation"),
            (OrganisationState.SENT_BACK, "Read the note"),
            (OrganisationState.SUSPENDED, "Ask the programme"),
        ],
    )
    def test_a_written_need_says_whose_turn_it_is_and_not_to_publish_again(
        self, page: PageClient, state: OrganisationState, said: str
    ) -> None:
        firm = firm_and_owner(page, state=state)
        need = NeedFactory(organisation=firm, state=PublicationState.DRAFT, ready=True)
        db.session.commit()
        for url in (f"/needs/{need.public_id}", f"/matches/needs/{need.public_id}"):
            shown = page.get(url)
            assert said in shown.text, url
            assert not shown.all("form[action$=publish]")
        firm.state, need.ready = OrganisationState.PUBLISHED, False
        db.session.commit()
        assert page.get(f"/needs/{need.public_id}").one("form[action$=publish]")
        way = page.get(f"/matches/needs/{need.public_id}").one("#match-list .note a")
        assert way["href"] == f"/needs/{need.public_id}"

    def test_pause_renew_and_close(self, page: PageClient) -> None:
        need = NeedFactory(organisation=firm_and_owner(page))
        db.session.commit()
        url = f"/needs/{need.public_id}"
        for step, state in (("pause", "paused"), ("renew", "published")):
            page.submit(page.get(url), f"form[action$={step}]")
            db.session.expire_all()
            assert need.state == state
        page.submit(page.get(url), "form[action$=close]", reason="answered_elsewhere")
        db.session.expire_all()
        assert (need.state, need.close_reason) == ("closed", "answered_elsewhere")
        page.post(f"{url}/renew")
        db.session.expire_all()
        assert need.state == "closed"

    def test_what_was_understood_can_be_struck(self, page: PageClient) -> None:
        need = NeedFactory(organisation=firm_and_owner(page))
        db.session.commit()
        shown = page.get(f"/needs/{need.public_id}")
        codes = [tag["value"] for tag in shown.all("#understood input[name=concept]")]
        assert codes
        page.submit(shown, "#understood form", concept=codes[1:])
        db.session.expire_all()
        assert need.struck_concepts == codes[:1]
        page.submit(page.get(f"/needs/{need.public_id}/edit"), title="ຊອກຫາ ທີ່ປຶກສາ")
        page.submit(page.get(f"/needs/{need.public_id}"), "#understood form", concept=[])
        db.session.expire_all()
        assert codes[0] in need.struck_concepts
        assert len(need.struck_concepts) > 1

    def test_two_codes_of_one_word_are_said_once(self, page: PageClient) -> None:
        need = NeedFactory(organisation=firm_and_owner(page), title="Solar power", text="")
        db.session.commit()
        shown = page.get(f"/needs/{need.public_id}").one("#understood")
        assert "solar · solar" not in shown.text
        assert "solar" in shown.text

    def test_what_was_understood_of_an_offer_can_be_struck(self, page: PageClient) -> None:
        offer = OfferFactory(
            organisation=firm_and_owner(page), title="เงินกู้ซื้อเครื่องจักร", text="", lang="th"
        )
        db.session.commit()
        shown = page.get(f"/offers/{offer.public_id}")
        codes = [tag["value"] for tag in shown.all("#understood input[name=concept]")]
        assert codes
        page.submit(shown, "#understood form", concept=[])
        db.session.expire_all()
        assert offer.struck_concepts == sorted(codes)
        again = page.get(f"/offers/{offer.public_id}")
        assert not again.all("#understood input[checked]")

    def test_what_was_understood_last_in_a_long_text_can_be_struck(self, page: PageClient) -> None:
        words = {term.code: term.term for term in glossary.terms() if term.lang == "en"}
        need = NeedFactory(
            organisation=firm_and_owner(page), text=". ".join([*words.values()][:40]), lang="en"
        )
        db.session.commit()
        shown = page.get(f"/needs/{need.public_id}")
        codes = [tag["value"] for tag in shown.all("#understood input[name=concept]")]
        assert len(codes) > MOST == len(shown.all("#understood fieldset > .ticks input"))
        page.submit(shown, "#understood form", concept=codes[:-1])
        db.session.expire_all()
        assert need.struck_concepts == codes[-1:]

    def test_an_amount_in_lao_figures_is_read(self, page: PageClient) -> None:
        need = NeedFactory(organisation=firm_and_owner(page))
        db.session.commit()
        page.submit(page.get(f"/needs/{need.public_id}/edit"), amount_minor="໘໐ ລ້ານ")
        db.session.expire_all()
        assert need.amount_minor == 80_000_000

    def test_an_overtaken_need_keeps_both_texts(self, page: PageClient) -> None:
        need = NeedFactory(organisation=firm_and_owner(page))
        db.session.commit()
        url = f"/needs/{need.public_id}/edit"
        first, second = page.get(url), page.get(url)
        page.submit(first, title="Saved first")
        conflict = page.submit(second, status=409, title="Typed second")
        assert "Saved first" in conflict.text
        assert conflict.one("#title")["value"] == "Typed second"


class TestOffers:
    def test_rules_edited_by_two_people_are_not_lost(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        offer = OfferFactory(organisation=fund)
        db.session.commit()
        url = f"/offers/{offer.public_id}/edit/who"
        first, second = page.get(url), page.get(url)
        page.submit(first, places="LA")
        conflict = page.submit(second, status=409, sizes=["small"])
        assert "All of Laos" in conflict.one("[role=alert]").text
        db.session.expire_all()
        assert [rule.fact for rule in offer.criteria] == ["country"]

    def test_its_page_says_what_it_is_for_and_what_it_asks_of_them(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        offer = OfferFactory(organisation=fund, purposes=["EXPANSION"], languages=["lo", "en"])
        CriterionFactory(offer=offer, fact="age_years", operator="at_least", values=[2])
        db.session.commit()
        mine = page.get(f"/offers/{offer.public_id}")
        assert "They must have or be" in mine.text
        theirs = page.get(f"/catalogue/{offer.public_id}")
        assert "You must have or be" in theirs.text
        for shown in (mine, theirs):
            told = shown.all("dl.facts")[0].get_text(" ", strip=True)
            assert "For Expansion or a new branch" in told
            assert "Languages Lao, English" in told

    def test_a_strict_range_follows_the_amounts(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        offer = OfferFactory(organisation=fund)
        db.session.commit()
        url = f"/offers/{offer.public_id}/edit/what"
        page.submit(page.get(url), amount_rule="must")
        page.submit(page.get(url), amount_max_minor="80,000")
        db.session.expire_all()
        rule = offer.criteria[0]
        assert (rule.fact, rule.values, rule.must) == ("amount_usd", [5000.0, 80000.0], True)

    def test_what_an_import_declared_and_no_form_shows_stays(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        rule = CriterionFactory(
            offer=OfferFactory(organisation=fund),
            fact="revenue_usd",
            operator="at_least",
            values=[5000],
        )
        db.session.commit()
        url = f"/offers/{rule.offer.public_id}/edit/who"
        page.submit(page.get(url), stages=["growth"])
        db.session.expire_all()
        assert {row.fact for row in rule.offer.criteria} == {"revenue_usd", "stage"}

    def test_that_it_takes_no_requests_is_said_in_the_catalogue_in_plain_words(
        self, page: PageClient
    ) -> None:
        offer = OfferFactory(deploying=False)
        db.session.commit()
        assert "Takes no requests now" in page.get(f"/catalogue/{offer.public_id}").text
        assert "takes no requests" in page.get("/catalogue").text
        assert "no offer" in page.get("/catalogue?deploying=y").text.lower()

    def test_an_upside_down_range_is_pointed_out(self, page: PageClient) -> None:
        fund = FunderFactory()
        page.sign_in(owner_of(fund))
        form = page.get(f"/organisations/{fund.public_id}/offers/new/finance")
        back = page.submit(
            form, status=422, title="X", code="LEASE", amount_min_minor="9", amount_max_minor="8"
        )
        assert back.one("#error-summary a")["href"] == "#amount_max_minor"


class TestAccess:
    OWN = (
        "/organisations/{o}/profile/name",
        "/organisations/{o}/members",
        "/organisations/{o}/introducers",
        "/organisations/{o}/as-seen",
        "/organisations/{o}/sectors",
        "/organisations/{o}/needs/new/finance",
        "/organisations/{o}/offers/new/finance",
        "/needs/{n}",
        "/needs/{n}/edit",
        "/offers/{f}",
        "/offers/{f}/edit/who",
    )

    @pytest.mark.slow
    @pytest.mark.parametrize("path", OWN)
    def test_a_stranger_and_a_missing_id_get_the_same_answer(
        self, page: PageClient, path: str
    ) -> None:
        page.sign_in(AccountFactory())
        need, offer = NeedFactory(), OfferFactory()
        db.session.commit()
        ids = {"o": need.organisation.public_id, "n": need.public_id, "f": offer.public_id}
        theirs = page.get(path.format(**ids), status=404)
        missing = page.get(path.format(o=NOBODY, n=NOBODY, f=NOBODY), status=404)
        assert theirs.text == missing.text

    def test_an_introducer_acts_until_the_link_ends(self, page: PageClient) -> None:
        need = NeedFactory()
        chamber = OrganisationFactory(is_firm=False, is_introducer=True)
        link = IntroducerLink(
            introducer=chamber, organisation=need.organisation, consent_by="Noy",
            consent_how="paper", consent_version="2026-11",
        )  # fmt: skip
        db.session.add(link)
        page.sign_in(owner_of(chamber))
        page.get(f"/needs/{need.public_id}/edit")
        here = page.get(f"/organisations/{need.organisation.public_id}/introducers")
        # Those it acts for would lose it without a word.
        own = page.get(f"/organisations/{chamber.public_id}/profile/name")
        kept = page.submit(own, status=422, roles="funder")
        assert "You act for others as an introducer." in kept.text
        db.session.refresh(chamber)
        assert chamber.roles == ("introducer",)
        page.submit(here, "form[action$=end]")
        page.get(f"/needs/{need.public_id}/edit", status=404)
        page.submit(page.get(f"/organisations/{chamber.public_id}/profile/name"), roles="funder")
        db.session.refresh(chamber)
        assert chamber.roles == ("funder",)

    def test_staff_act_within_their_scope_only(self, page: PageClient) -> None:
        near, far = OrganisationFactory(), OrganisationFactory(province="LA-CH")
        page.sign_in(StaffFactory(scope="province", scope_values=["LA-LP"]))
        page.get(f"/organisations/{near.public_id}/profile/name")
        page.get(f"/organisations/{far.public_id}/profile/name", status=404)

    def test_a_viewer_of_the_programme_changes_nothing(self, page: PageClient) -> None:
        firm = OrganisationFactory()
        page.sign_in(StaffFactory(staff_role="viewer"))
        page.get(f"/organisations/{firm.public_id}/profile/name", status=404)

    def test_a_member_who_was_removed_is_a_stranger_at_once(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        row = db.session.scalars(select(Membership)).one()
        page.get(f"/organisations/{firm.public_id}/members")
        db.session.delete(row)
        db.session.commit()
        page.get(f"/organisations/{firm.public_id}/members", status=404)


class TestChecks:
    def test_an_officer_notes_what_was_checked_and_a_new_number_is_unchecked(
        self, page: PageClient
    ) -> None:
        number = BusinessIdFactory()
        firm = number.organisation
        page.sign_in(StaffFactory(name="Officer Keo"))
        url = f"/organisations/{firm.public_id}/checks"
        page.submit(page.get(url))
        assert "Officer Keo" in page.get(url).text
        ids = page.get(f"/organisations/{firm.public_id}/profile/ids")
        page.submit(ids, scheme_0="LA-ERC", number_0="01-0077777")
        assert "Officer Keo" not in page.get(url).text

    def test_nobody_else_checks(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        page.get(f"/organisations/{firm.public_id}/checks", status=404)


class TestPeople:
    def test_a_colleague_is_let_in_by_a_code_on_paper(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        form = page.get(f"/organisations/{firm.public_id}/members")
        shown = page.submit(
            form, status=200, selector="main section form", name="Kham", identity="kham.noy",
            language="lo",
        )  # fmt: skip
        assert "kham.noy" in shown.one("main ol").text
        assert "/link on a phone" in shown.one("main ol").text
        people = page.get(f"/organisations/{firm.public_id}/members")
        assert "Kham" in people.text

    def test_the_answer_does_not_say_who_has_an_account(
        self, page: PageClient, new_page: Callable[[], PageClient]
    ) -> None:
        firm = firm_and_owner(page)
        known = AccountFactory(username="noy.luang", username_key="noyluang")
        db.session.commit()
        form = page.get(f"/organisations/{firm.public_id}/members")
        answers = {"name": "Noy", "language": "lo"}
        taken = page.submit(form, "main section form", 200, identity="noy.luang", **answers)
        free = page.submit(form, "main section form", 200, identity="noy.other", **answers)
        codes = taken.one("main code").text, free.one("main code").text
        assert len(codes[0]) == len(codes[1])
        assert taken.text.replace("noy.luang", "").replace(codes[0], "") == free.text.replace(
            "noy.other", ""
        ).replace(codes[1], "")
        invited = new_page().sign_in(known)
        page_of = invited.get(f"/organisations/{firm.public_id}/invitation")
        invited.submit(page_of)
        invited.get(f"/organisations/{firm.public_id}/members")

    def test_the_last_owner_cannot_leave(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        # What must fail is not offered, and asked for all the same it fails in words.
        people = page.get(f"/organisations/{firm.public_id}/members")
        assert "Make a member" not in people.text
        assert not people.all("a[href$=leave]")
        me = db.session.scalars(select(Membership)).one().account.public_id
        own = f"/organisations/{firm.public_id}/members/{me}"
        assert "at least one owner" in page.follow(page.post(f"{own}/member")).text
        assert "You are the only one here" in page.get(f"{own}/leave").text
        page.post(f"{own}/leave", status=422)

    def test_the_only_owner_leaves_by_naming_who_takes_over(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        colleague = owner_of(firm, MembershipRole.MEMBER)
        people = page.get(f"/organisations/{firm.public_id}/members")
        assert "Make a member" not in people.text
        assert "Make an owner" in people.text
        leaving = page.get(people.all("a[href$=leave]")[0]["href"])
        assert "this colleague becomes one" in leaving.text
        page.submit(people, "form[action$=owner]")
        assert colleague.name in page.get(f"/organisations/{firm.public_id}/members").text
        assert "Make a member" in page.get(f"/organisations/{firm.public_id}/members").text

    def test_a_member_is_no_owner(self, page: PageClient) -> None:
        firm = OrganisationFactory()
        boss = owner_of(firm)
        page.sign_in(owner_of(firm, MembershipRole.MEMBER))
        page.post(f"/organisations/{firm.public_id}/members/{boss.public_id}/leave", status=404)
        page.post(f"/organisations/{firm.public_id}/members", {"name": "x"}, status=404)

    def test_a_chamber_enters_a_walk_in_firm_with_its_consent(self, page: PageClient) -> None:
        chamber = OrganisationFactory(is_firm=False, is_introducer=True)
        page.sign_in(owner_of(chamber))
        form = page.get(f"/organisations/{chamber.public_id}/clients/new")
        assert "What are they?" in form.one("form[method=post] fieldset").get_text()
        answers = {"name": "Weaving house", "name_lang": "en", "province": "LA-LP",
                   "consent_by": "Mae Boun", "consent_how": "paper"}  # fmt: skip
        refused = page.submit(form, status=422, **answers)
        page.submit(refused, agreed="y")
        link = db.session.scalars(select(IntroducerLink)).one()
        assert link.consent_by == "Mae Boun"
        assert page.get(f"/organisations/{link.organisation.public_id}/profile/sector")

    def test_a_firm_lets_a_chamber_act_for_it(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        chamber = OrganisationFactory(is_firm=False, is_introducer=True, name="Chamber")
        db.session.commit()
        form = page.get(f"/organisations/{firm.public_id}/introducers")
        answers = {"introducer": chamber.public_id, "consent_by": "Noy", "consent_how": "online"}
        page.submit(form, "main section form", agreed="y", **answers)
        assert "Chamber" in page.get(f"/organisations/{firm.public_id}/introducers").text


class TestAsSeen:
    def test_it_shows_what_others_see_before_and_after(self, page: PageClient) -> None:
        firm = firm_and_owner(page, name="Nam Khan", contact_telephone="020 5555 1234")
        NeedFactory(organisation=firm, text="Our dryer broke.")
        db.session.commit()
        before, after = page.get(f"/organisations/{firm.public_id}/as-seen").all("main section")[:2]
        assert "Nam Khan" not in before.text
        assert "Our dryer" not in before.text
        assert "020 5555 1234" not in before.text
        assert "Nam Khan" in after.text
        assert "020 5555 1234" in after.text


class TestCatalogue:
    def test_drafts_and_unpublished_organisations_are_not_in_it(self, page: PageClient) -> None:
        OfferFactory(state=PublicationState.DRAFT, title="A draft")
        hidden = FunderFactory(state=OrganisationState.SUSPENDED)
        offer = OfferFactory(organisation=hidden, title="Of a suspended fund")
        OfferFactory(title="Open to all")
        db.session.commit()
        text = page.get("/catalogue").text
        assert "Open to all" in text
        assert "A draft" not in text
        assert "suspended fund" not in text
        page.get(f"/catalogue/{offer.public_id}", status=404)

    def test_pages_go_on_by_key_with_a_fixed_number_of_queries(
        self, page: PageClient, count_queries: Callable[[Callable[[], object]], int]
    ) -> None:
        OfferFactory.create_batch(3)
        db.session.commit()
        few = count_queries(lambda: page.get("/catalogue"))
        OfferFactory.create_batch(40)
        db.session.commit()
        assert count_queries(lambda: page.get("/catalogue")) == few
        first = page.get("/catalogue")
        second = page.get(first.one(".pager a[rel=next]")["href"])
        links = [tag["href"] for p in (first, second) for tag in p.all("article h2 a")]
        assert len(links) == len(set(links)) == 40

    def test_the_reader_s_language_comes_first_then_the_country_then_the_newest(
        self, page: PageClient
    ) -> None:
        here, there = FunderFactory(country="LA"), FunderFactory(country="CN", province="CN-YN")
        wanted = [("Lao, here", "lo", here), ("Lao, there", "lo", there)]
        wanted += [("New English, here", "en", here), ("English, here", "en", here)]
        wanted += [("Chinese, there", "zh", there)]
        OfferFactory.create_batch(19, lang="lo", title="Lao, first", organisation=here)
        for title, lang, organisation in reversed(wanted):
            OfferFactory(title=title, lang=lang, organisation=organisation)
        db.session.commit()
        first = page.get("/catalogue?lang=lo")
        second = page.get(first.one(".pager a[rel=next]")["href"])
        titles = [tag.get_text() for p in (first, second) for tag in p.all("article h2 a")]
        assert titles == ["Lao, here", *["Lao, first"] * 19, *[one for one, *_ in wanted[1:]]]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("place=LA-LP", {"Laos", "North", "Anywhere"}),
            ("place=TH", {"Anywhere"}),
            ("place=LA-CH", {"Laos", "Anywhere"}),
            ("code=EQUITY", {"Anywhere"}),
            ("text=nor", {"North"}),
            ("text=no%20such", set()),
            ("code=nonsense", {"Laos", "North", "Anywhere"}),
            ("after=9999999999999999999999", {"Laos", "North", "Anywhere"}),
        ],
    )
    def test_it_is_narrowed_by_plain_links(
        self, page: PageClient, db_session: Session, query: str, found: set[str]
    ) -> None:
        laos = OfferFactory(title="Laos", search_key="laos")
        CriterionFactory(offer=laos)
        north = OfferFactory(title="North", search_key="north")
        CriterionFactory(offer=north, fact="province", values=["iso3166-2:LA-LP"])
        OfferFactory(title="Anywhere", search_key="anywhere", code="EQUITY")
        db_session.commit()
        shown = page.get(f"/catalogue?{query}")
        assert {tag.text for tag in shown.all("article h2")} == found

    def test_the_region_is_what_the_page_includes(self, page: PageClient) -> None:
        OfferFactory()
        db.session.commit()
        region = page.get("/catalogue", htmx=True)
        whole = page.get("/catalogue")
        assert region.one("#catalogue-results").text == whole.one("#catalogue-results").text
        assert [tag.get("id") for tag in region.soup.find_all(recursive=False)] == [
            "catalogue-results"
        ]
