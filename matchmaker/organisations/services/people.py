"""Whom to tell about an organisation: its people, or those who speak for it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.accounts.models import Account
from matchmaker.organisations.models import (
    Consortium,
    IntroducerLink,
    Membership,
    Organisation,
    OrganisationState,
)


def people(session: Session, organisation_id: int) -> list[Account]:
    """Its members; where nobody signs in for it, the people of those who introduced it.

    Of a group of firms those of the firm that coordinates it.
    """
    own = _members(session, speaking(Membership.organisation_id, organisation_id))
    return own or introducing(session, organisation_id)


def introducing(session: Session, organisation_id: int) -> list[Account]:
    """The people of those who act for it under a consent that stands, and are published."""
    introducers = (
        select(IntroducerLink.introducer_id)
        .join(Organisation, Organisation.id == IntroducerLink.introducer_id)
        .where(
            speaking(IntroducerLink.organisation_id, organisation_id),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    return _members(session, Membership.organisation_id.in_(introducers))


def speaking(column: InstrumentedAttribute[int], organisation_id: int) -> ColumnElement[bool]:
    """The organisation itself, and of a group of firms the one that coordinates it."""
    coordinator = select(Consortium.coordinator_id).where(
        Consortium.organisation_id == organisation_id
    )
    return (column == organisation_id) | column.in_(coordinator)


def _members(session: Session, belongs: ColumnElement[bool]) -> list[Account]:
    ids = select(Membership.account_id).where(belongs)
    query = select(Account).where(Account.active, Account.id.in_(ids)).order_by(Account.id)
    return list(session.scalars(query))
