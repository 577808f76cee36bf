"""Consent to matching, given or taken back: what only this person owns comes and goes with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.organisations.models import (
    Membership,
    MembershipRole,
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.organisations.services import publication


def register() -> None:
    listeners = consents.on_change[Purpose.MATCHING]
    if matching_changed not in listeners:
        listeners.append(matching_changed)


def matching_changed(session: Session, account_id: int, given: bool) -> None:
    """Pause what only this person owns; given again, what waited goes out, the paused by hand."""
    for organisation in _owned_alone(session, account_id):
        if given:
            publication.publish_waiting(session, organisation, account_id)
            continue
        rows: list[Need | Offer] = [*organisation.needs, *organisation.offers]
        for row in rows:
            if row.state is PublicationState.PUBLISHED:
                publication.pause(session, row, account_id)


def _owned_alone(session: Session, account_id: int) -> list[Organisation]:
    owners = select(Membership.organisation_id).where(Membership.role == MembershipRole.OWNER)
    own = owners.where(Membership.account_id == account_id)
    others = owners.where(Membership.account_id != account_id)
    query = select(Organisation).where(Organisation.id.in_(own), Organisation.id.not_in(others))
    return list(session.scalars(query))
