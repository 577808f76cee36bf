"""For which organisations a person acts."""

from __future__ import annotations

from sqlalchemy import BindParameter, CompoundSelect, select

from matchmaker.organisations.models import (
    Consortium,
    IntroducerLink,
    Membership,
    Organisation,
    OrganisationState,
)


def acting_for(account_id: int | BindParameter[int]) -> CompoundSelect[int]:
    """Those it belongs to, those its published introducers act for, and groups that they lead."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    introduced = (
        select(IntroducerLink.organisation_id)
        .join(Organisation, Organisation.id == IntroducerLink.introducer_id)
        .where(
            IntroducerLink.introducer_id.in_(mine),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    acting = mine.union(introduced).subquery()
    coordinated = select(Consortium.organisation_id).where(
        Consortium.coordinator_id.in_(select(acting))
    )
    return mine.union(introduced, coordinated)


def through(organisation_id: int) -> CompoundSelect[int]:
    """What a membership opens: the organisation, those it introduced, and groups that they lead."""
    own = select(Organisation.id).where(Organisation.id == organisation_id)
    introduced = select(IntroducerLink.organisation_id).where(
        IntroducerLink.introducer_id == organisation_id, IntroducerLink.ended_at.is_(None)
    )
    reached = own.union(introduced).subquery()
    led = select(Consortium.organisation_id).where(Consortium.coordinator_id.in_(select(reached)))
    return own.union(introduced, led)
