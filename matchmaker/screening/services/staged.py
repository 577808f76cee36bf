"""Where a firm stands in the pipeline, read beside its request or its need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from matchmaker.contacts.models import ContactRequest
from matchmaker.organisations.models import Need, Offer
from matchmaker.screening.models import PipelineEntry, PipelineStage


def of_request() -> tuple[ColumnElement[Any], ...]:
    """Of a request in an outer query: its entry's public id, the code and name of its stage."""
    return _of(
        ContactRequest,
        PipelineEntry.offer_id == ContactRequest.offer_id,
        PipelineEntry.need_id == ContactRequest.need_id,
    )


def of_need(offer: Offer) -> tuple[ColumnElement[Any], ...]:
    """The same of a need in an outer query, in the pipeline of an offer's organisation."""
    return _of(
        Need,
        PipelineEntry.organisation_id == offer.organisation_id,
        PipelineEntry.offer_id == offer.id,
        PipelineEntry.need_id == Need.id,
    )


def _of(
    outer: type[ContactRequest] | type[Need], *at: ColumnElement[bool]
) -> tuple[ColumnElement[Any], ...]:
    at = (*at, PipelineStage.id == PipelineEntry.stage_id)
    columns = (PipelineEntry.public_id, PipelineStage.code, PipelineStage.name)
    return tuple(select(one).where(*at).correlate(outer).scalar_subquery() for one in columns)
