"""Staff scopes as conditions on raw rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from matchmaker.accounts.access import StaffScope
from matchmaker.organisations.models import IntroducerLink, Organisation, OrganisationState
from matchmaker.programme.services.statistics.selection import codes_meaning


def organisations_in(scope: StaffScope) -> ColumnElement[bool]:
    """Organisations that a staff member may look at, as a condition on `Organisation`."""
    if scope.everything:
        return Organisation.id.is_not(None)
    parts: list[ColumnElement[bool]] = []
    if scope.provinces:
        parts.append(Organisation.province.in_(codes_meaning(scope.provinces)))
    if scope.introducer_ids:
        parts.append(Organisation.id.in_(_members(scope)))
    return or_(*parts) if parts else false()


def _members(scope: StaffScope) -> Any:
    introducer = select(Organisation.id).where(
        Organisation.id.in_(scope.introducer_ids),
        Organisation.state == OrganisationState.PUBLISHED,
        Organisation.is_introducer.is_(True),
    )
    return select(IntroducerLink.organisation_id).where(
        IntroducerLink.introducer_id.in_(introducer), IntroducerLink.ended_at.is_(None)
    )
