"""Nothing goes into the rankings before one of its owners agreed to be matched."""

from __future__ import annotations

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.extensions import db
from matchmaker.organisations.models import Need, PublicationState
from tests.factories import AccountFactory, MembershipFactory, NeedFactory, OrganisationFactory

State = PublicationState


def owner_without_consent(page, state=State.DRAFT):
    firm = OrganisationFactory()
    account = MembershipFactory(organisation=firm, account=AccountFactory(), consent=False).account
    need = NeedFactory(organisation=firm, state=state, ready=False)
    db.session.commit()
    page.sign_in(account)
    return account, need


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
    consents.give(db.session(), account.id, [Purpose.MATCHING], language="en")
    db.session.commit()
    page.post(f"/needs/{need.public_id}/renew")
    assert state_of(need) is State.PUBLISHED


def test_one_owner_who_agreed_is_enough(page):
    _account, need = owner_without_consent(page)
    MembershipFactory(organisation=need.organisation, account=AccountFactory())
    db.session.commit()
    page.post(f"/needs/{need.public_id}/publish")
    assert state_of(need) is State.PUBLISHED
