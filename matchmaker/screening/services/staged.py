"""Where the firms of a table stand in the pipeline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.contacts.models import ContactRequest
from matchmaker.organisations.models import Need, Offer
from matchmaker.screening.models import PipelineEntry, PipelineStage

Id = TypeVar("Id", int, str)


@dataclass(frozen=True, slots=True)
class Staged:
    """The public id of the entry, and its stage."""

    entry_id: str
    stage: PipelineStage


def of_request() -> tuple[ColumnElement[Any], ...]:
    """Of a request in an outer query: its entry's public id, the code and name of its stage."""
    at = (
        PipelineEntry.offer_id == ContactRequest.offer_id,
        PipelineEntry.need_id == ContactRequest.need_id,
        PipelineStage.id == PipelineEntry.stage_id,
    )
    columns = (PipelineEntry.public_id, PipelineStage.code, PipelineStage.name)
    return tuple(
        select(one).where(*at).correlate(ContactRequest).scalar_subquery() for one in columns
    )


def staged(session: Session, offer: Offer, need_ids: Collection[int]) -> dict[int, Staged]:
    """The entries of these needs for an offer by need, in one query."""
    return _staged(session, offer, Need.id, need_ids)


def staged_by_public_id(
    session: Session, offer: Offer, public_ids: Collection[str]
) -> dict[str, Staged]:
    """The same by the public ids of the needs."""
    return _staged(session, offer, Need.public_id, public_ids)


def _staged(
    session: Session, offer: Offer, by: InstrumentedAttribute[Id], needs: Collection[Id]
) -> dict[Id, Staged]:
    if not needs:
        return {}
    query = (
        select(by, PipelineEntry.public_id, PipelineStage)
        .select_from(PipelineEntry)
        .join(PipelineStage, PipelineStage.id == PipelineEntry.stage_id)
        .join(Need, Need.id == PipelineEntry.need_id)
        .where(
            PipelineEntry.organisation_id == offer.organisation_id,
            PipelineEntry.offer_id == offer.id,
            by.in_(needs),
        )
    )
    return {need: Staged(entry, stage) for need, entry, stage in session.execute(query)}
