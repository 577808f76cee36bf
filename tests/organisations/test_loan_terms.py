"""What a loan offer says of its terms, and the licence of its funder with the check of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import CheckedAs, LookedAt, Offer, Organisation
from matchmaker.organisations.services import evidence_check, licence, update_offer
from matchmaker.organisations.services.evidence_check import Checker
from matchmaker.organisations.services.licence import Licence
from tests.factories import AccountFactory, FunderFactory, MembershipFactory, OfferFactory
from tests.page import PageClient

TERMS = {
    "interest_counted": "flat",
    "months_min": "6",
    "months_max": "24",
    "grace_months": "0",
    "fee_percent": "1.5",
    "fee_fixed_minor": "25",
    "fee_when": "payout",
    "security": ["land", "guarantor"],
}


@pytest.fixture
def offer(page: PageClient) -> Offer:
    funder = FunderFactory()
    page.sign_in(MembershipFactory(organisation=funder).account)
    made: Offer = OfferFactory(organisation=funder, interest_min=12.0)
    db.session.commit()
    return made


def test_terms_are_written_in_a_step_of_their_own_and_read_in_the_catalogue(
    page: PageClient, offer: Offer
) -> None:
    step = page.get(f"/offers/{offer.public_id}/edit/terms")
    page.submit(step, **TERMS)
    assert (offer.fee_percent, offer.fee_fixed_minor, offer.grace_months) == (1.5, 2500, 0)
    assert offer.security == ["land", "guarantor"]
    told = page.get(f"/catalogue/{offer.public_id}").text
    for words in ("on the first amount, to the end (flat)", "6 to 24 months", "land or a house",
                  "1.5% of the loan and $25, kept back"):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"months_max": "3"}, "months_max", "below the lowest"),
        ({"grace_months": "24"}, "grace_months", "fewer than the months"),
        ({"grace_months": "6", "months_max": ""}, "grace_months", "fewer than the months"),
        ({"security": ["none", "land"]}, "security", "Tick “none”, or what you ask for"),
        ({"fee_percent": "101"}, "fee_percent", "100 or less"),
        ({"months_min": "0"}, "months_min", "1 or more"),
        ({"fee_fixed_minor": "25.5555"}, "fee_fixed_minor", "at most 2 digits"),
    ],
)
def test_terms_that_cannot_be_are_said_beside_the_field(
    page: PageClient, offer: Offer, wrong: dict[str, object], field: str, words: str
) -> None:
    step = page.get(f"/offers/{offer.public_id}/edit/terms")
    again = page.submit(step, status=422, **(TERMS | wrong))
    assert words in again.one(f"#{field}-e").get_text()
    assert again.one("[name=months_min]")["value"] == wrong.get("months_min", "6")


def test_one_end_of_the_months_is_read_as_one_end(page: PageClient, offer: Offer) -> None:
    for low, high, words in ((6, None, "from 6 months"), (None, 1, "up to 1 month"),
                             (6, 6, "6 months")):  # fmt: skip
        offer.months_min, offer.months_max = low, high
        db.session.commit()
        facts = page.get(f"/catalogue/{offer.public_id}").all(".facts dd")
        assert words in [" ".join(one.get_text().split()) for one in facts]


def test_only_a_loan_is_asked_for_terms(page: PageClient, offer: Offer) -> None:
    offer.code = "GRANT"
    db.session.commit()
    page.get(f"/offers/{offer.public_id}/edit/terms", status=404)
    assert "What the loan costs" not in page.get(f"/offers/{offer.public_id}/edit/what").text


def test_another_currency_leaves_a_fixed_fee_unsaid(page: PageClient, offer: Offer) -> None:
    update_offer(db.session(), offer, None, fee_fixed_minor=2_500)
    update_offer(db.session(), offer, None, currency="LAK")
    assert offer.fee_fixed_minor is None


def test_a_licence_is_said_in_the_profile_and_shown_to_whoever_checks_it(
    page: PageClient, offer: Offer
) -> None:
    funder = offer.organisation
    step = page.get(f"/organisations/{funder.public_id}/profile/licence")
    bad = page.submit(step, status=422, licence_authority="Central bank")
    assert "so that it can be checked" in bad.one("#licence_number-e").get_text()
    bad = page.submit(step, status=422, licence_authority="x", licence_number="me@example.org")
    assert "no way to reach you" in bad.one("#licence_number-e").get_text()
    page.submit(step, licence_authority="Central bank", licence_number="7/BOL")
    assert licence.licence_of(funder, clock.today()) is Licence.SAID
    assert "nobody has checked it" in page.get(f"/catalogue/{offer.public_id}").text


def said(session: Session, number: str, until: date | None = None) -> Organisation:
    funder: Organisation = FunderFactory()
    account = AccountFactory()
    session.flush()
    licence.set_licence(
        session, funder, account.id, authority="Central bank", number=number, until=until
    )
    return funder


def check(session: Session, funder: Organisation, seen: str) -> None:
    checker = Checker(AccountFactory().id, "Staff Person", CheckedAs.STAFF)
    evidence_check.check(session, funder, checker, "licence", seen, LookedAt.REGISTER)


def test_a_check_holds_for_the_very_words_that_were_checked(db_session: Session) -> None:
    funder = said(db_session, "7/BOL")
    seen = evidence_check.seen_of(funder, "licence", None)
    licence.set_licence(
        db_session,
        funder,
        AccountFactory().id,
        authority="Central bank",
        number="8/BOL",
        until=None,
    )
    with pytest.raises(WrongState):
        check(db_session, funder, seen)
    check(db_session, funder, evidence_check.seen_of(funder, "licence", None))
    assert licence.licence_of(funder, clock.today()) is Licence.CHECKED
    licence.set_licence(
        db_session,
        funder,
        AccountFactory().id,
        authority="Central bank",
        number="9/BOL",
        until=None,
    )
    assert licence.licence_of(funder, clock.today()) is Licence.SAID
    with pytest.raises(StaleVersion):
        licence.set_licence(
            db_session, funder, AccountFactory().id,
            version=1, authority="", number="", until=None,
        )  # fmt: skip


def test_a_licence_ends_and_is_taken_back(db_session: Session) -> None:
    funder = said(db_session, "7/BOL", date(2020, 1, 1))
    assert licence.licence_of(funder, clock.today()) is Licence.ENDED
    assert licence.licence_of(funder, date(2020, 1, 1)) is Licence.SAID
    licence.set_licence(
        db_session, funder, AccountFactory().id, authority="", number="", until=None
    )
    assert licence.licence_of(funder, clock.today()) is Licence.NOT_SAID
    assert [row.fact for row in funder.facts] == []
