"""What the people room asks of organisations: whom staff may help, what a consent moves."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import desk
from matchmaker.organisations import consent
from matchmaker.organisations.access import in_scope
from matchmaker.organisations.models import Membership, Organisation


def register() -> None:
    consent.register()
    if _in_scope not in desk.rules:
        desk.rules.append(_in_scope)


def _in_scope(session: Session, helper: Account, person: Account) -> bool:
    query = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.account_id == person.id)
    )
    return any(in_scope(session, helper, row) for row in session.scalars(query))
