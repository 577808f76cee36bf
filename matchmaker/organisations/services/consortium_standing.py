"""How a group stands: whose amounts count, what they add up to, whether that reaches the ticket."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.extensions import clock
from matchmaker.matching import consortia
from matchmaker.matching.records import Band, Criterion
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)

MOST_FIRMS = consortia.MOST_FIRMS


@dataclass(frozen=True, slots=True)
class Standing:
    """All firms of a group with what they bring, and what that comes to."""

    firms: Sequence[ConsortiumFirm]
    #: None where the offer asks no least amount any more.
    ticket: Band | None
    #: None while nobody who joined says an amount.
    band: Band | None

    @property
    def joined(self) -> list[ConsortiumFirm]:
        return [firm for firm in self.firms if firm.state is FirmState.JOINED]

    @property
    def reached(self) -> bool:
        """Whether whatever the exact amounts are, they reach the ticket and do not pass it."""
        if self.band is None or len([firm for firm in self.joined if counts(firm)]) < 2:
            return False
        return self.ticket is None or consortia.reaches(self.band, self.ticket)

    @property
    def too_much(self) -> bool:
        """Whether some sum in the band is more than the offer gives."""
        high = self.ticket.high if self.ticket else None
        return high is not None and self.band is not None and (self.band.high or high + 1) > high


def standing(session: Session, group: Consortium) -> Standing:
    """In three queries: firms with their needs, and the offer's rules."""
    firms = session.scalars(with_parts().where(ConsortiumFirm.consortium_id == group.id)).all()
    return Standing(firms, ticket(group.offer), sum_of(firms))


def sum_of(firms: Iterable[ConsortiumFirm]) -> Band | None:
    bands = [band for firm in firms if counts(firm) and (band := band_of(firm.need)) is not None]
    return consortia.band_sum(bands) if bands else None


def with_parts() -> Select[ConsortiumFirm]:
    """Firms in the order they came, read afresh, with organisation and need."""
    return (
        select(ConsortiumFirm)
        .options(joinedload(ConsortiumFirm.organisation), joinedload(ConsortiumFirm.need))
        .order_by(ConsortiumFirm.id)
        .execution_options(populate_existing=True)
    )


def counts(firm: ConsortiumFirm) -> bool:
    """A firm that joined, is published, and still looks for it."""
    looking = firm.need.state in (PublicationState.PUBLISHED, PublicationState.PAUSED)
    return firm.state is FirmState.JOINED and looking and firm.organisation.is_published


def band_of(need: Need) -> Band | None:
    return None if need.band_low is None else Band(need.band_low, need.band_high)


def ticket(offer: Offer) -> Band | None:
    return consortia.ticket_of(
        Criterion(row.fact, row.operator.value, tuple(row.values), row.must, row.source.value)
        for row in offer.criteria
        if row.fact == consortia.AMOUNT
    )


def is_open(firm: ConsortiumFirm) -> bool:
    """Whether the invitation can still be answered."""
    return firm.state is FirmState.INVITED and firm.expires_at > clock.now()


def going_on(session: Session, need_id: int, offer_id: int) -> Consortium | None:
    """The group that was begun for a need before an offer, while it goes on."""
    query = select(Consortium).where(
        Consortium.started_for_id == need_id,
        Consortium.offer_id == offer_id,
        Consortium.ended_at.is_(None),
    )
    parts = (joinedload(Consortium.firms), joinedload(Consortium.organisation))
    return session.scalars(query.options(*parts)).unique().one_or_none()


def of_need(session: Session, need_id: int) -> Consortium | None:
    """The group that a need counts in now, with its firms, in one query."""
    joined = ConsortiumFirm.state == FirmState.JOINED
    its = select(ConsortiumFirm.consortium_id).where(ConsortiumFirm.need_id == need_id, joined)
    query = select(Consortium).where(Consortium.id.in_(its), Consortium.ended_at.is_(None))
    firms = joinedload(Consortium.firms)
    parts = (firms.joinedload(ConsortiumFirm.organisation), firms.joinedload(ConsortiumFirm.need))
    query = query.options(joinedload(Consortium.organisation), *parts)
    return session.scalars(query).unique().one_or_none()


def is_group(session: Session, organisation_id: int) -> bool:
    """Whether it is a group of firms: no people of its own, no needs or offers beside the sum."""
    query = select(Consortium.id).where(Consortium.organisation_id == organisation_id)
    return session.scalar(query) is not None


def is_silenced(session: Session, organisation_id: int) -> bool:
    """Whether it is a group whose coordinator is not published: nobody acts for it meanwhile."""
    query = (
        select(Organisation.state)
        .join(Consortium, Consortium.coordinator_id == Organisation.id)
        .where(Consortium.organisation_id == organisation_id)
    )
    return session.scalar(query) not in (None, OrganisationState.PUBLISHED)


def of_organisation(session: Session, organisation_id: int) -> Consortium | None:
    return session.scalar(
        select(Consortium)
        .where(Consortium.organisation_id == organisation_id)
        .options(
            joinedload(Consortium.organisation),
            joinedload(Consortium.coordinator),
            joinedload(Consortium.need),
            joinedload(Consortium.offer).joinedload(Offer.organisation),
            joinedload(Consortium.offer).selectinload(Offer.criteria),
        )
    )


def groups_of(
    session: Session, organisation_ids: Collection[int], limit: int, before: int | None
) -> list[ConsortiumFirm]:
    """Groups that these firms are in or were invited to, the newest first."""
    query = (
        select(ConsortiumFirm)
        .where(ConsortiumFirm.organisation_id.in_(organisation_ids))
        .options(
            joinedload(ConsortiumFirm.organisation),
            joinedload(ConsortiumFirm.consortium).options(
                joinedload(Consortium.organisation), joinedload(Consortium.offer)
            ),
        )
        .order_by(ConsortiumFirm.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(ConsortiumFirm.id < before)
    return list(session.scalars(query))
