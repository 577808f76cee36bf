"""Signed-in people of the organisations room's tests."""

from __future__ import annotations

from typing import Any

from matchmaker.accounts.models import Account
from matchmaker.extensions import db
from matchmaker.organisations.models import MembershipRole, Organisation
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.page import PageClient


def owner_of(organisation: Organisation, role: MembershipRole = MembershipRole.OWNER) -> Account:
    account: Account = MembershipFactory(
        organisation=organisation, account=AccountFactory(), role=role
    ).account
    db.session.commit()
    return account


def firm_and_owner(page: PageClient, **values: Any) -> Organisation:
    """A firm whose owner is signed in at this browser."""
    firm: Organisation = OrganisationFactory(**values)
    page.sign_in(owner_of(firm))
    return firm
