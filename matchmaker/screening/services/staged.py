"""Where the firms of a table stand in the pipeline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Offer
from matchmaker.screening.models import PipelineEntry, PipelineStage


@dataclass(frozen=True, slots=True)
class Staged:
    """The public id of the entry, and its stage."""

    entry_id: str
    stage: PipelineStage


def staged(session: Session, offer: Offer, need_ids: Collection[int]) -> dict[int, Staged]:
    """The entries of these needs for an offer by need, in one query."""
    if not need_ids:
        return {}
    query = (
        select(PipelineEntry.need_id, PipelineEntry.public_id, PipelineStage)
        .join(PipelineStage, PipelineStage.id == PipelineEntry.stage_id)
        .where(
            PipelineEntry.organisation_id == offer.organisation_id,
            PipelineEntry.offer_id == offer.id,
            PipelineEntry.need_id.in_(need_ids),
        )
    )
    rows = session.execute(query)
    return {row.need_id: Staged(row.public_id, row.PipelineStage) for row in rows}
