"""An introducer acts for another organisation while a recorded consent stands."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    IntroducerLink,
    Organisation,
    OrganisationState,
)
from matchmaker.organisations.services import notice, parting
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.errors import ActsForOthersError, AlreadyLinkedError

#: The wording a firm agrees to; a new wording is a new version.
CONSENT_VERSION = "2026-11"
#: Introducers offered in one list.
MOST = 300


def link(
    session: Session,
    introducer: Organisation,
    organisation: Organisation,
    by: int,
    *,
    consent_by: str,
    consent_how: str,
) -> IntroducerLink:
    """Record who consented, how and to which wording; from then on the introducer may act."""
    if not introducer.is_introducer or is_group(session, organisation.id):
        raise WrongState
    if current_link(session, introducer.id, organisation.id) is not None:
        raise AlreadyLinkedError
    row = IntroducerLink(
        introducer_id=introducer.id,
        organisation_id=organisation.id,
        consent_by=consent_by,
        consent_how=consent_how,
        consent_version=CONSENT_VERSION,
        recorded_by_id=by,
    )
    session.add(row)
    session.flush()
    _record(session, "introducer_link.made", by, row)
    path = f"/organisations/{organisation.public_id}/introducers"
    notice.tell_owners(session, organisation, "introducer.acting", party=introducer.name, path=path)
    return row


def end(session: Session, row: IntroducerLink, by: int) -> None:
    """Either side ends it at once; what was done under it stays, what is to be done goes back."""
    if row.ended_at is not None:
        raise WrongState
    row.ended_at = clock.now()
    parting.part(session, row.introducer_id, row.organisation_id)
    _record(session, "introducer_link.ended", by, row)


def give_up_role(session: Session, introducer: Organisation) -> None:
    """Raises ActsForOthersError while it acts for somebody: they are parted from first."""
    acting = select(IntroducerLink.id).where(
        IntroducerLink.introducer_id == introducer.id, IntroducerLink.ended_at.is_(None)
    )
    if session.scalar(acting.limit(1)) is not None:
        raise ActsForOthersError


def current_link(
    session: Session, introducer_id: int, organisation_id: int
) -> IntroducerLink | None:
    return session.scalar(
        select(IntroducerLink).where(
            IntroducerLink.introducer_id == introducer_id,
            IntroducerLink.organisation_id == organisation_id,
            IntroducerLink.ended_at.is_(None),
        )
    )


def introducers_open(session: Session, organisation: Organisation) -> list[Organisation]:
    """Published introducers that do not act for it yet."""
    linked = select(IntroducerLink.introducer_id).where(
        IntroducerLink.organisation_id == organisation.id, IntroducerLink.ended_at.is_(None)
    )
    query = select(Organisation).where(
        Organisation.is_introducer.is_(True),
        Organisation.state == OrganisationState.PUBLISHED,
        Organisation.id != organisation.id,
        Organisation.id.not_in(linked),
    )
    return list(session.scalars(query.order_by(Organisation.name).limit(MOST)))


def links_of(session: Session, organisation: Organisation) -> list[IntroducerLink]:
    """Of those who act for it now."""
    query = select(IntroducerLink).where(
        IntroducerLink.organisation_id == organisation.id, IntroducerLink.ended_at.is_(None)
    )
    by = joinedload(IntroducerLink.introducer)
    return list(session.scalars(query.options(by).order_by(IntroducerLink.id)))


def _record(session: Session, event: str, by: int, row: IntroducerLink) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="introducer_link",
        subject_id=row.id,
        organisation_id=row.organisation_id,
        code=row.consent_how,
    )
