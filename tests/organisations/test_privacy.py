"""What a person takes along, and what stays with others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import SignIn
from matchmaker.audit import privacy
from matchmaker.extensions import clock
from matchmaker.organisations.importing import uploads
from matchmaker.organisations.importing.files import Sheet
from matchmaker.organisations.models import Membership, MembershipRole, OrganisationState
from matchmaker.organisations.services import activity
from tests.factories import (
    AccountFactory,
    BusinessIdFactory,
    MembershipFactory,
    NeedFactory,
    OrganisationFactory,
)


def test_an_owner_gets_everything_their_organisation_said(db_session: Session) -> None:
    row = MembershipFactory()
    NeedFactory(organisation=row.organisation, text="A dryer.")
    BusinessIdFactory(organisation=row.organisation)
    found = privacy.export_account(db_session, row.account_id)
    assert found["organisation"][0]["name"] == row.organisation.name
    assert found["need"][0]["text"] == "A dryer."
    assert found["business_id"][0]["number"] == "99-8888888"


def test_a_member_takes_no_data_of_the_owners(db_session: Session) -> None:
    row = MembershipFactory(role=MembershipRole.MEMBER)
    assert privacy.export_account(db_session, row.account_id)["organisation"] == []


def test_what_one_person_looked_after_alone_is_emptied_with_them(db_session: Session) -> None:
    firm = OrganisationFactory(name="Canary", about="Canary", contact_email="canary@example.org")
    need = NeedFactory(organisation=firm, text="Canary")
    BusinessIdFactory(organisation=firm)
    row = MembershipFactory(organisation=firm)
    privacy.erase_account(db_session, row.account_id)
    db_session.flush()
    db_session.expire_all()
    kept = [getattr(firm, c.key) for c in type(firm).__table__.columns]
    kept += [getattr(need, c.key) for c in type(need).__table__.columns]
    assert not [value for value in kept if "canary" in str(value).lower()]
    assert firm.business_ids == []
    assert firm.state is OrganisationState.SUSPENDED
    assert need.amount_minor is None


def test_with_colleagues_it_stays_and_has_an_owner(db_session: Session) -> None:
    row = MembershipFactory()
    colleague = MembershipFactory(
        organisation=row.organisation, account=AccountFactory(), role=MembershipRole.MEMBER
    )
    privacy.erase_account(db_session, row.account_id)
    left = db_session.scalars(
        select(Membership).where(Membership.organisation_id == row.organisation_id)
    ).one()
    assert (left.id, left.role) == (colleague.id, MembershipRole.OWNER)
    assert row.organisation.is_published


def test_an_organisation_was_last_active_when_its_people_were(db_session: Session) -> None:
    firm = OrganisationFactory(last_active_at=clock.now() - timedelta(days=3))
    row = MembershipFactory(organisation=firm)
    seen = clock.now() - timedelta(minutes=1)
    db_session.add(SignIn(token_hash="x", account_id=row.account_id, last_seen_at=seen))
    db_session.flush()
    assert activity.follow_sessions(db_session) == 1
    assert activity.follow_sessions(db_session) == 0
    db_session.refresh(firm)
    assert firm.last_active_at == seen


def test_a_file_under_way_goes_with_who_sent_it(app: Flask, db_session: Session) -> None:
    account, other = AccountFactory(), AccountFactory()
    data = Path(app.config["DATA"])
    own, others = (
        uploads.keep(data, one.id, Sheet(columns=["name"], lines=[])) for one in (account, other)
    )
    privacy.erase_account(db_session, account.id)
    assert uploads.by_token(data, own.token) is None
    assert uploads.by_token(data, others.token) is not None
