"""Exposure and quality by group of firms, of the pool as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import Any, cast

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.exposure import LIST
from matchmaker.matching.index import Index
from matchmaker.matching.metrics import Estimate, measures_of
from matchmaker.matching.parity import GroupRow, parity
from matchmaker.matching.records import NeedRecord
from matchmaker.suggestions.models import (
    Exposure,
    Feedback,
    FeedbackKind,
    ModelState,
    ModelVersion,
    Side,
)
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services.shown import LATELY

#: The key of `ModelVersion.figures` under which the last report stands.
PARITY = "parity"
#: Needs whose lists are ranked anew to measure them, the latest outcomes first.
MOST_MEASURED = 2000
#: Needs whose exposure is counted: a job's memory does not grow with the programme.
MOST_COUNTED = 20_000


def report(session: Session) -> list[GroupRow]:
    """Top tens of the last 30 days, and nDCG@10 of needs that an offer said yes to.

    Of a large pool so many needs as ``MOST_COUNTED`` are looked at, drawn evenly.
    """
    index = resident(session).index
    needs = drawn((cast(NeedRecord, one) for one in index.records("need")), MOST_COUNTED)
    return parity(needs, _seen(session), _quality(index, needs, _outcomes(session)))


def drawn(needs: Iterable[NeedRecord], most: int) -> list[NeedRecord]:
    """Draw evenly from needs that pass by once (Vitter 1985, algorithm R), the same each time."""
    random = Random(7)
    kept: list[NeedRecord] = []
    for at, need in enumerate(needs):
        if at < most:
            kept.append(need)
        elif (place := random.randrange(at + 1)) < most:
            kept[place] = need
    return kept


def plain(rows: Iterable[GroupRow]) -> list[dict[str, Any]]:
    """The report as a version keeps it; no quality where few needs of a group have an outcome."""
    return [
        {
            "dimension": row.dimension,
            "group": row.group,
            "needs": row.needs,
            "seen": _rounded(row.seen),
            "ratio": round(row.ratio, 4),
            "quality": _rounded(row.quality) if row.told else None,
            "measured": row.measured,
        }
        for row in rows
    ]


def keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write the report down with the version in force; a programme without one keeps none."""
    published = ModelVersion.state == ModelState.PUBLISHED
    version = session.scalar(select(ModelVersion).where(published).with_for_update())
    if version is not None:
        version.figures = {**version.figures, PARITY: rows}


def _rounded(found: Estimate) -> list[float]:
    return [round(value, 4) for value in (found.mean, found.low, found.high)]


def _seen(session: Session) -> dict[int, int]:
    query = (
        select(Exposure.row_id, func.sum(Exposure.top_tens))
        .where(Exposure.side == Side.OFFER, Exposure.day >= clock.today() - LATELY)
        .group_by(Exposure.row_id)
    )
    return {row_id: int(tens) for row_id, tens in session.execute(query)}


def _outcomes(session: Session) -> dict[int, set[int]]:
    """Offers that said yes, by need."""
    query = (
        select(Feedback.need_id, Feedback.offer_id)
        .where(Feedback.kind.in_((FeedbackKind.ACCEPTED, FeedbackKind.AGREED)))
        .order_by(Feedback.at.desc())
        .limit(MOST_MEASURED)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for need_id, offer_id in session.execute(query):
        found[need_id].add(offer_id)
    return found


def _quality(
    index: Index, needs: list[NeedRecord], outcomes: dict[int, set[int]]
) -> dict[int, float]:
    found: dict[int, float] = {}
    for need in needs:
        if need.id not in outcomes:
            continue
        ranked = [match.offer_id for match in index.top(need, n=LIST).matches]
        relevant = outcomes[need.id]
        inside = [at for at, offer in enumerate(ranked, 1) if offer in relevant]
        # Those further down count for nothing, but an ideal list would have them.
        beyond = range(LIST + 1, LIST + 1 + len(relevant) - len(inside))
        ranks = np.array([*inside, *beyond])
        found[need.id] = measures_of(ranks, LIST + len(ranks))["nDCG@10"]
    return found
