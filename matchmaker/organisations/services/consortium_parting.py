"""What becomes of groups when something happens to a firm that is in them, or leads them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Organisation,
    PublicationState,
)
from matchmaker.organisations.services import consortium, publication
from matchmaker.organisations.services.consortium_telling import tell

#: Groups that one run of the job looks at; it asks to be run again while there are more.
BATCH = 100


def part(session: Session, organisation: Organisation, by: int | None) -> None:
    """Out of each group that it joined; of what it leads the need rests, where it may not ask."""
    for firm in _joined(session, organisation):
        if firm.consortium.coordinator_id == organisation.id:
            publication.settle(session, firm.need, by)
        else:
            consortium.leave(session, firm, by)


def erase(session: Session, organisation: Organisation) -> None:
    """Out of each group that it joined; what it leads ends, and what it said of it goes."""
    for firm in _joined(session, organisation):
        if firm.consortium.coordinator_id == organisation.id:
            consortium.end(session, firm.consortium, None)
        else:
            consortium.leave(session, firm, None)
    led = select(Consortium).where(Consortium.coordinator_id == organisation.id)
    for group in session.scalars(led).all():
        need = group.need
        group.organisation.name = group.organisation.public_id
        group.organisation.name_latin = group.organisation.name_key = ""
        need.title, need.text, need.struck_concepts = need.public_id, "", []
        need.band_low = need.band_high = None
    session.flush()


def _joined(session: Session, organisation: Organisation) -> list[ConsortiumFirm]:
    mine = ConsortiumFirm.organisation_id == organisation.id
    query = select(ConsortiumFirm).where(mine, ConsortiumFirm.state == FirmState.JOINED)
    # In one order: of two that go through the same groups neither waits for the other.
    return list(session.scalars(query.order_by(ConsortiumFirm.consortium_id)))


def settle_after(session: Session, after: int) -> int | None:
    """Settle the next groups that ask, as a net under the steps that do so at once.

    Gives the id to go on after; None at the end. Two at once do no harm: each takes the groups
    one by one in the same order, and who comes second finds nothing to do.
    """
    query = select(Consortium).where(
        Consortium.id > after,
        Consortium.ended_at.is_(None),
        Consortium.need.has(state=PublicationState.PUBLISHED),
    )
    groups = session.scalars(query.order_by(Consortium.id).limit(BATCH)).all()
    for group in groups:
        if publication.settle_group(session, group, None):
            tell(session, group, "group.paused", [group.coordinator_id])
    return groups[-1].id if len(groups) == BATCH else None
