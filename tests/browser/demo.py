"""People and needs of the demo that browser tests walk as."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.accounts.models import Account
from matchmaker.extensions import db
from matchmaker.organisations.models import Membership, Need, PublicationState


def account(email: str) -> Account:
    found = db.session.scalars(select(Account).where(Account.email == email)).one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def first_need(email: str) -> str:
    query = (
        select(Need.public_id)
        .join(Membership, Membership.organisation_id == Need.organisation_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.email == email, Need.state == PublicationState.PUBLISHED)
        .order_by(Need.id)
    )
    found = db.session.scalars(query).first()
    db.session.rollback()
    assert found is not None
    return found
