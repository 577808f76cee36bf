"""Scraping: one account that walks every list learns no contact and sees no more than its budget.

The limits of TRUST section 7: distinct firms a day within the budget, no contact detail at all,
429 and a task for staff; nobody else is held up by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.organisations.models import IntroducerLink, Offer
from matchmaker.suggestions.models import Shown
from matchmaker.suggestions.services import budget
from matchmaker.tasks import Task, TaskKind
from tests.factories import (
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.page import Page, PageClient

pytestmark = pytest.mark.both

FIRMS, ALLOWED = 70, 45
PRIVATE = {
    "contact_name": "Canary Person Khamla",
    "contact_telephone": "+856 20 5557 7331",
    "contact_email": "canary.mail@firm.example",
    "contact_address": "Canarystreet 17",
}


@pytest.fixture(autouse=True)
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "NEEDS_A_DAY", ALLOWED)


@dataclass
class Reader:
    account: Account
    offer: Offer

    @property
    def url(self) -> str:
        return f"/matches/offers/{self.offer.public_id}"


def reader(session: Session, account: Account | None = None) -> Reader:
    funder = FunderFactory()
    more = {"account": account} if account else {}
    member = MembershipFactory(organisation=funder, **more)
    found = Reader(member.account, OfferFactory(organisation=funder))
    session.commit()
    return found


@pytest.fixture
def banker(db_session: Session) -> Reader:
    for at in range(FIRMS):
        firm = OrganisationFactory(name=f"Canary Firm {at}", **PRIVATE)
        NeedFactory(organisation=firm, title=f"A dryer for mill {at}")
    return reader(db_session)


def walk(page: PageClient, url: str, pages: int) -> tuple[list[Page], str]:
    """So many pages of a list, each from the one before, and the address of the next."""
    found: list[Page] = []
    for _ in range(pages):
        found.append(page.get(url))
        # What was shown is written down once the answer has gone.
        found[-1].response.close()
        following = found[-1].soup.select('a[rel="next"]')
        url = str(following[0]["href"]) if following else ""
    return found, url


def seen(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Shown.need_id.distinct()))) or 0


def test_who_pages_through_everything_sees_no_more_than_the_budget(
    page: PageClient, db_session: Session, banker: Reader
) -> None:
    pages, following = walk(page.sign_in(banker.account), banker.url, 2)
    refused = page.get(following, status=429)
    assert seen(db_session) == 40 <= ALLOWED
    assert 0 < int(refused.response.headers["Retry-After"]) <= budget.DAY_SECONDS
    assert "as a day allows" in refused.text
    for one in (*pages, refused):
        body = one.response.get_data(as_text=True)
        assert not [value for value in (*PRIVATE.values(), "Canary Firm") if value in body]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("query", ["?amount=20000", "?tab=near", "?tab=out", "?q=dryer"])
def test_neither_filters_nor_tabs_nor_htmx_open_another_way(
    page: PageClient, db_session: Session, banker: Reader, query: str
) -> None:
    walk(page.sign_in(banker.account), banker.url, 2)
    page.get(banker.url + query, status=429)
    page.get(banker.url + query, status=429, htmx=True)
    assert seen(db_session) <= ALLOWED


@pytest.mark.once
def test_a_second_organisation_of_the_same_person_has_no_budget_of_its_own(
    page: PageClient, db_session: Session, banker: Reader
) -> None:
    walk(page.sign_in(banker.account), banker.url, 2)
    second = reader(db_session, banker.account)
    assert second.offer.organisation_id != banker.offer.organisation_id
    page.get(second.url, status=429)


@pytest.mark.once
def test_an_adviser_has_one_budget_for_all_that_it_acts_for(
    page: PageClient, db_session: Session, banker: Reader
) -> None:
    chamber = OrganisationFactory(is_firm=False, is_introducer=True)
    adviser, second = MembershipFactory(organisation=chamber), reader(db_session)
    for offer in (banker.offer, second.offer):
        proof = {"consent_by": "Owner", "consent_how": "on_paper", "consent_version": "1"}
        link = IntroducerLink(
            introducer_id=chamber.id, organisation_id=offer.organisation_id, **proof
        )
        db_session.add(link)
    db_session.commit()
    walk(page.sign_in(adviser.account), banker.url, 2)
    page.get(second.url, status=429)


def test_staff_are_told_once_and_can_see_who(
    page: PageClient, db_session: Session, banker: Reader
) -> None:
    walk(page.sign_in(banker.account), banker.url, 2)
    for _ in range(2):
        page.get(banker.url, status=429).response.close()
    db_session.rollback()
    task = db_session.scalars(select(Task)).one()
    assert (task.kind, task.organisation_id) == (TaskKind.MANY_SEEN, banker.offer.organisation_id)


@pytest.mark.once
def test_others_and_the_next_day_are_free(
    page: PageClient, db_session: Session, banker: Reader
) -> None:
    walk(page.sign_in(banker.account), banker.url, 2)
    other = reader(db_session)
    walk(page.sign_in(other.account), other.url, 2)
    page.sign_in(banker.account).get(banker.url, status=429)
    db_session.execute(update(Shown).values(day=clock.today() - timedelta(days=1)))
    db_session.commit()
    page.get(banker.url)


@pytest.mark.once
def test_a_firm_looks_at_offers_without_end(page: PageClient, db_session: Session) -> None:
    """Offers are public: there is nothing to gather that a visitor does not read."""
    OfferFactory.create_batch(ALLOWED + 25)
    need = NeedFactory()
    owner = MembershipFactory(organisation=need.organisation).account
    db_session.commit()
    _, following = walk(page.sign_in(owner), f"/matches/needs/{need.public_id}", 4)
    assert following == ""
