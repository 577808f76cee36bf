"""On whose behalf a file is taken in, and what of the organisations here that may touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import NOTHING, StaffScope, has_role, scope_of
from matchmaker.accounts.models import Account, StaffRole
from matchmaker.organisations.models import (
    IntroducerLink,
    Membership,
    Organisation,
    OrganisationState,
)

PROGRAMME = "programme"
#: The programme's own imports, and by default those of the command, are one source.
PROGRAMME_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class Importer:
    """`introducer_id` vouches for all rows; without one it is the programme that imports."""

    source: str
    account_id: int | None = None
    introducer_id: int | None = None
    scope: StaffScope = NOTHING
    may_publish: bool = False

    def may_make(self, province: str) -> bool:
        return self.introducer_id is not None or self.scope.covers(province)


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways an account may import: for the programme, or for an introducer it is in."""

    key: str
    name: str
    lang: str
    importer: Importer


def ways_of(session: Session, account: Account) -> list[Way]:
    """Give none for an account that may not import at all."""
    if not account.active:
        return []
    ways = []
    if has_role(account, StaffRole.OFFICER):
        admin, scope = has_role(account, StaffRole.ADMIN), scope_of(account)
        importer = Importer(PROGRAMME_SOURCE, account.id, scope=scope, may_publish=admin)
        ways.append(Way(PROGRAMME, "", "", importer))
    query = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.account_id == account.id,
            Organisation.is_introducer.is_(True),
            Organisation.state == OrganisationState.PUBLISHED,
        )
    )
    for row in session.scalars(query.order_by(Membership.id)):
        importer = Importer(f"introducer:{row.public_id}", account.id, introducer_id=row.id)
        ways.append(Way(row.public_id, row.name, row.name_lang, importer))
    return ways


def may_edit(session: Session, importer: Importer, rows: Iterable[Organisation]) -> set[int]:
    """Give the ids of those that the importer may change."""
    scope = importer.scope
    if scope.everything:
        return {row.id for row in rows}
    if importer.introducer_id is not None:
        return {importer.introducer_id} | vouched_for(session, {importer.introducer_id})
    vouched = vouched_for(session, scope.introducer_ids)
    return {row.id for row in rows if row.id in vouched or scope.covers(row.province)}


def vouched_for(session: Session, introducer_ids: Iterable[int]) -> set[int]:
    query = (
        select(IntroducerLink.organisation_id)
        .join(Organisation, Organisation.id == IntroducerLink.introducer_id)
        .where(
            IntroducerLink.introducer_id.in_(list(introducer_ids)),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    return set(session.scalars(query))
