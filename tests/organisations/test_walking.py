"""From nothing to a published firm with a need and a funder with an offer, in the browser."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer, Organisation, OrganisationState
from matchmaker.organisations.services import review
from tests.factories import AccountFactory, ConsentFactory, StaffFactory
from tests.page import Page, PageClient


def _owner(page: PageClient, session: Session) -> PageClient:
    account = AccountFactory()
    ConsentFactory(account_id=account.id)
    session.commit()
    return page.sign_in(account)


def _make(page: PageClient, **answers: object) -> Page:
    values = {
        "roles": "firm",
        "name": "ກາເຟນ້ຳຄານ",
        "name_lang": "lo",
        "name_latin": "Nam Khan Coffee",
        "country": "LA",
        "province": "LA-LP",
    } | answers
    return page.submit(page.get("/organisations/new"), **values)


def test_a_firm_is_made_step_by_step_sent_in_and_published_with_its_need(
    page: PageClient, db_session: Session
) -> None:
    _owner(page, db_session)
    step = page.follow(_make(page))
    while "/profile/" in step.response.request.path:
        answers = (
            {"plain_sector": "COFFEE_ROASTING"}
            if step.response.request.path.endswith("sector")
            else {}
        )
        step = page.follow(page.submit(step, **answers))
    firm = db_session.query(Organisation).one()
    assert firm.sector == "1079"
    need_form = page.get(f"/organisations/{firm.public_id}/needs/new/finance")
    need_page = page.follow(
        page.submit(
            need_form,
            code="TERM_LOAN",
            amount_minor="300,000,000",
            currency="LAK",
            purpose="EQUIPMENT",
            title="A dryer for our coffee",
            text="We need a loan for a solar dryer.",
            lang="en",
        )
    )
    assert "waits for publication" in need_page.text
    page.follow(page.post(f"/organisations/{firm.public_id}/submit"))
    db_session.expire_all()
    assert firm.state is OrganisationState.IN_REVIEW
    review.approve(db_session, firm, StaffFactory().id)
    db_session.commit()
    need = db_session.query(Need).one()
    assert need.state == "published"
    assert (need.band_low, need.band_high) == (10_000, 20_000)
    assert "Published" in page.get(f"/organisations/{firm.public_id}").text


def test_a_funder_writes_an_offer_that_a_visitor_finds_in_the_catalogue(
    page: PageClient, new_page: Callable[[], PageClient], db_session: Session
) -> None:
    _owner(page, db_session)
    _make(page, roles="funder", name="Mekong Upland Fund", name_lang="en", province="")
    fund = db_session.query(Organisation).one()
    page.post(f"/organisations/{fund.public_id}/submit")
    review.approve(db_session, fund, StaffFactory().id)
    db_session.commit()
    start = page.get(f"/organisations/{fund.public_id}/offers/new/finance")
    step = page.follow(
        page.submit(
            start,
            code="TERM_LOAN",
            title="Upland loan",
            currency="USD",
            amount_min_minor="5000",
            amount_max_minor="50000",
            amount_rule="must",
        )
    )
    step = page.follow(page.submit(step, months_max="36", fee_percent="1", next="y"))
    step = page.follow(page.submit(step, places="LA", sizes=["small", "medium"], next="y"))
    step = page.follow(page.submit(step, evidence_must=["accounts_1y"], next="y"))
    done = page.follow(page.submit(step, text="Loans for dryers and stores.", publish="y"))
    assert "at least" not in done.text
    offer = db_session.query(Offer).one()
    assert offer.state == "published"
    assert (offer.months_max, offer.fee_percent) == (36, 1)
    facts = {(rule.fact, rule.operator.value) for rule in offer.criteria}
    assert facts == {
        ("amount_usd", "between"),
        ("country", "one_of"),
        ("size", "one_of"),
        ("accounts_1y", "has"),
    }
    visitor = new_page()
    assert "Upland loan" in visitor.get("/catalogue?text=upland").text
    shown = visitor.get(f"/catalogue/{offer.public_id}")
    assert "Accounts for one year" in shown.text
