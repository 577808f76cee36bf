"""Nothing goes into the rankings before one of its owners agreed to be matched."""

from __future__ import annotations

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.extensions import db
from matchmaker.organisations.models import Need, PublicationState
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    NeedFactory,
    OrganisationFactory,
    StaffFactory,
)

State = PublicationState


def owner_without_consent(page, state=State.DRAFT):
    firm = OrganisationFactory()
    account = MembershipFactory(organisation=firm, account=AccountFactory(), consent=False).account
    need = NeedFactory(organisation=firm, state=state, ready=False)
    db.session.commit()
    page.sign_in(account)
    return account, need


def agree(account, given=True):
    if given:
        consents.give(db.session(), account.id, [Purpose.MATCHING], language="en")
    else:
        consents.withdraw(db.session(), account.id, Purpose.MATCHING)
    db.session.commit()


def state_of(need):
    db.session.expire_all()
    return db.session.get(Need, need.id).state


def test_publishing_waits_for_consent_and_follows_it(page):
    _account, need = owner_without_consent(page)
    page.post(f"/needs/{need.public_id}/publish")
    answer = page.get(f"/needs/{need.public_id}")
    assert "Nobody finds your needs and offers yet" in answer.text
    assert state_of(need) is State.DRAFT
    page.post("/settings/consents/matching/give")
    assert state_of(need) is State.PUBLISHED
    assert "Nobody finds" not in page.get(f"/needs/{need.public_id}").text


def test_a_paused_need_opens_again_only_with_consent(page):
    account, need = owner_without_consent(page, State.PAUSED)
    page.post(f"/needs/{need.public_id}/renew")
    assert state_of(need) is State.PAUSED
    agree(account)
    page.post(f"/needs/{need.public_id}/renew")
    assert state_of(need) is State.PUBLISHED


def test_one_owner_who_agreed_is_enough(page):
    _account, need = owner_without_consent(page)
    MembershipFactory(organisation=need.organisation, account=AccountFactory())
    db.session.commit()
    page.post(f"/needs/{need.public_id}/publish")
    assert state_of(need) is State.PUBLISHED


def test_what_two_owners_have_finished_goes_out_when_the_first_agrees(page):
    account, need = owner_without_consent(page)
    MembershipFactory(organisation=need.organisation, account=AccountFactory(), consent=False)
    need.ready = True
    db.session.commit()
    agree(account)
    assert state_of(need) is State.PUBLISHED


def test_what_is_out_is_paused_when_the_last_who_agreed_takes_it_back(page):
    account, need = owner_without_consent(page, State.PUBLISHED)
    other = MembershipFactory(organisation=need.organisation, account=AccountFactory()).account
    db.session.commit()
    agree(account)
    agree(other, given=False)
    assert state_of(need) is State.PUBLISHED
    agree(account, given=False)
    assert state_of(need) is State.PAUSED


def test_who_is_no_owner_is_not_asked_to_agree_for_them(page):
    _account, need = owner_without_consent(page)
    agreeing = "form[action$='/consents/matching/give']"
    assert page.get(f"/needs/{need.public_id}").all(agreeing)
    page.sign_in(StaffFactory())
    shown = page.get(f"/needs/{need.public_id}")
    assert "An owner of the organisation has to agree first" in shown.text
    assert not shown.all(agreeing)
