"""Consent to matching: what an organisation looks for and gives comes and goes with its owners'."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.organisations.models import Membership, MembershipRole, Organisation
from matchmaker.organisations.services import consortium_parting, publication


def register() -> None:
    listeners = consents.on_change[Purpose.MATCHING]
    if matching_changed not in listeners:
        listeners.append(matching_changed)


def matching_changed(session: Session, account_id: int, given: bool) -> None:
    """Given, what waited goes out; taken back by the last who agreed, what is out is paused."""
    for organisation in _owned(session, account_id):
        if given:
            publication.publish_waiting(session, organisation, account_id)
        elif publication.lacks_consent(session, organisation):
            publication.pause_all(session, organisation, account_id)
            consortium_parting.part(session, organisation, account_id)


def _owned(session: Session, account_id: int) -> list[Organisation]:
    owned = select(Membership.organisation_id).where(
        Membership.role == MembershipRole.OWNER, Membership.account_id == account_id
    )
    return list(session.scalars(select(Organisation).where(Organisation.id.in_(owned))))
