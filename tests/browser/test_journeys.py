"""The main job of the four users, in a real browser, on a phone and on a laptop, script or not."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import StaffRole
from matchmaker.contacts import services as contacts
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.extensions import db
from matchmaker.organisations import services as organisations
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.suggestions.models import Side
from tests.background import run_jobs
from tests.browser.conftest import Arrive, Visitor
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    ProviderFactory,
    StaffFactory,
)

pytestmark = pytest.mark.browser

ways = pytest.mark.parametrize(
    # A laptop without script is walked through what follows a yes, in files of its own.
    ("width", "script"),
    [(360, True), (360, False), (1280, True)],
)
PASSWORD = "four brown rivers meet"


@ways
def test_an_entrepreneur_signs_up_and_says_what_is_needed(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    OfferFactory()
    db.session.commit()
    noy = arrive(width, script)
    page = noy.go("/")
    noy.check()
    noy.press("Make an account", role="link")
    page.get_by_label("E-mail, telephone number or user name").fill("noy.coffee")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    for name in ("terms", "privacy", "matching"):
        page.locator(f"input[name={name}]").check()
    noy.check()
    noy.press("Make my account")
    page.goto(noy.address + "/sign-in")
    page.get_by_label("E-mail, telephone number or user name").fill("noy.coffee")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    noy.press("Sign in")
    _make_a_firm(noy)
    _say_a_need(noy)
    query = select(Organisation.public_id, Organisation.province).where(Organisation.is_firm)
    firm, province = db.session.execute(query).one()
    db.session.rollback()
    assert province == "LA-LP"
    page.goto(f"{noy.address}/organisations/{firm}")
    noy.check()


def _make_a_firm(noy: Visitor) -> None:
    page = noy.go("/organisations/new")
    noy.check()
    page.locator("input[name=roles][value=firm]").check()
    page.get_by_label("Name", exact=True).fill("ສະຫະກອນກາເຟ ນ້ຳຄານ")
    page.locator("select[name=province]").select_option("LA-LP")
    noy.press("Save and go on")
    assert "/profile/" in page.url, page.url
    noy.check()


def _say_a_need(noy: Visitor) -> None:
    firm = db.session.scalar(select(Organisation.public_id).where(Organisation.is_firm))
    db.session.rollback()
    page = noy.go(f"/organisations/{firm}/needs/new/finance")
    noy.check()
    page.locator("[name=code]").first.select_option("TERM_LOAN")
    page.locator("input[name=title]").fill("A dryer for our coffee")
    page.locator("[name=amount_minor]").fill("300,000,000")
    page.locator("textarea[name=text]").fill("A solar dryer and a dry store for the harvest.")
    noy.send(page.locator("main form button[type=submit]").first)
    assert "/needs/" in page.url, page.locator("main").inner_text()[:600]
    noy.check()


@pytest.fixture
def pair(app: Flask) -> Any:
    """A published firm and a funder that fit, and a provider beside them."""
    firm = OrganisationFactory(contact_telephone="+856 20 5551 0001", contact_name="Noy")
    funder = FunderFactory(contact_email="desk@fund.example.org", contact_name="Somsy")
    noy, banker = AccountFactory(name="Noy"), AccountFactory(name="Somsy")
    MembershipFactory(account=noy, organisation=firm)
    MembershipFactory(account=banker, organisation=funder)
    need, offer = NeedFactory(organisation=firm), OfferFactory(organisation=funder)
    CriterionFactory(offer=offer)
    CriterionFactory(offer=offer, fact="accounts_1y", operator="has", values=[])
    near = OfferFactory(title="Only for Thailand")
    CriterionFactory(offer=near, values=["iso3166-1:TH"])
    db.session.commit()
    return noy, banker, need, offer


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_no_leads_on_from_the_first_page(
    app: Flask, arrive: Arrive, pair: Any, width: int, script: bool
) -> None:
    noy, banker, need, offer = pair
    OfferFactory(title="Another loan for dryers")
    by = contacts.Actor(noy.id, Side.NEED)
    ask = contacts.Ask(need_id=need.id, offer_id=offer.id, by=by, message="May we?", lang="en")
    request = contacts.send(db.session(), ask).request
    contacts.decline(db.session(), request, contacts.Actor(banker.id, Side.OFFER), "too_early")
    db.session.commit()
    visitor = arrive(width, script, noy)
    page = visitor.go("/")
    visitor.check()
    assert page.url.endswith("/start")
    visitor.press("Ways on", role="link")
    visitor.check()
    visitor.press("Another loan for dryers", role="link")
    assert page.locator("h1").inner_text()
    assert "/matches/" in page.url


@ways
def test_a_firm_browses_matches_and_asks(
    app: Flask, arrive: Arrive, pair: Any, width: int, script: bool
) -> None:
    noy, banker, need, offer = pair
    need_id, offer_id = need.public_id, offer.public_id
    visitor = arrive(width, script, noy)
    page = visitor.go(f"/matches/needs/{need_id}")
    visitor.check()
    assert page.locator("article.card").count() >= 1
    page.goto(f"{visitor.address}/matches/{need_id}/{offer_id}")
    visitor.check()
    page.goto(f"{visitor.address}/requests/new/{need_id}/{offer_id}")
    visitor.check()
    _tick_all(page)
    visitor.send(page.locator("main form button[type=submit]").first)
    visitor.check()
    request = db.session.scalar(select(ContactRequest.public_id))
    db.session.rollback()
    assert request is not None, page.locator("main").inner_text()[:600]
    _accept(arrive, banker, request, width, script)
    page.goto(f"{visitor.address}/requests/{request}")
    visitor.check()
    assert "desk@fund.example.org" in page.locator("main").inner_text()


def _tick_all(page: Any) -> None:
    for box in page.locator("main form input[type=checkbox]").all():
        if box.is_visible():
            box.check()


def _accept(arrive: Arrive, banker: Any, request: str, width: int, script: bool) -> None:
    """The other side finds it in its inbox and says yes."""
    asked = arrive(width, script, banker)
    page = asked.go("/requests")
    asked.check()
    page.goto(f"{asked.address}/requests/{request}")
    asked.check()
    assert "+856 20 5551 0001" not in page.locator("main").inner_text()
    form = page.locator(f"form[action$='/requests/{request}/accept']")
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    asked.send(form.locator("button[type=submit]"))
    asked.check()
    state = db.session.scalar(select(ContactRequest.state))
    db.session.rollback()
    assert state is RequestState.ACCEPTED


@ways
def test_a_funder_screens_firms_for_an_offer(
    app: Flask, arrive: Arrive, pair: Any, width: int, script: bool
) -> None:
    _noy, banker, _need, offer = pair
    visitor = arrive(width, script, banker)
    page = visitor.go(f"/matches/offers/{offer.public_id}")
    visitor.check()
    text = page.locator("main").inner_text()
    assert "A dryer for our coffee" in text
    assert "Nam Khan Coffee" not in text
    visitor.go("/my-business")
    visitor.check()


@ways
def test_a_provider_writes_an_offer(app: Flask, arrive: Arrive, width: int, script: bool) -> None:
    provider, person = ProviderFactory(), AccountFactory()
    MembershipFactory(account=person, organisation=provider)
    db.session.commit()
    visitor = arrive(width, script, person)
    page = visitor.go(f"/organisations/{provider.public_id}/offers/new/service")
    visitor.check()
    page.locator("[name=code]").first.select_option("ACCOUNTING")
    page.locator("input[name=title]").fill("Bookkeeping on the phone")
    visitor.send(page.locator("main form button[type=submit]").first)
    assert "/offers/" in page.url, page.locator("main").inner_text()[:800]
    visitor.check()
    visitor.go("/catalogue")
    visitor.check()


@ways
def test_a_programme_officer_reviews_and_reads_the_numbers(
    app: Flask, arrive: Arrive, pair: Any, width: int, script: bool
) -> None:
    firm = OrganisationFactory(name="Waiting Weavers", state=OrganisationState.DRAFT)
    owner = AccountFactory()
    MembershipFactory(account=owner, organisation=firm)
    db.session.flush()
    organisations.submit_for_review(db.session(), firm, owner.id)
    officer = StaffFactory(staff_role=StaffRole.OFFICER)
    db.session.commit()
    waiting = firm.public_id
    run_jobs(app)
    visitor = arrive(width, script, officer)
    page = visitor.go("/programme/reviews")
    visitor.check()
    assert "Waiting Weavers" in page.locator("main").inner_text()
    page.goto(f"{visitor.address}/programme/reviews/{waiting}")
    visitor.check()
    visitor.send(page.locator("form[action$='/approve'] button"))
    query = select(Organisation.state).where(Organisation.public_id == waiting)
    assert db.session.scalar(query) is OrganisationState.PUBLISHED
    db.session.rollback()
    for path in ("/programme", "/programme/requests", "/programme/tasks"):
        visitor.go(path)
        visitor.check()
