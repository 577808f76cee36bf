"""Who fits an offer and came in lately: what a view's mail tells of, and what it would have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.matching.index import Filters, Question
from matchmaker.organisations.models import Need, Offer, PublicationState
from matchmaker.suggestions.records import offer_record
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services.closed import closed_for

#: Needs that are looked at; the newest, should more have come.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Those that fit, one entry a need: the firm, and its points as shown, whole."""

    organisations: np.ndarray
    points: np.ndarray

    def firms(self, least: int) -> int:
        """How many different firms have at least so many points."""
        return len(np.unique(self.organisations[self.points >= least]))


def newcomers(
    session: Session, offers: Sequence[tuple[Offer, Filters]], since: datetime, until: datetime
) -> list[Newcomers]:
    """Who was published in ``(since, until]`` and fits, for each; as many queries as for one."""
    if not offers:
        return []
    query = (
        select(Need.id)
        .where(Need.published_at > since, Need.published_at <= until)
        .where(Need.state == PublicationState.PUBLISHED)
        .order_by(Need.published_at.desc())
        .limit(MOST)
    )
    ids = np.fromiter(session.scalars(query), np.int64)
    rows = [offer for offer, _ in offers]
    here, closed = resident(session), closed_for(session, rows)
    found = []
    for (offer, filters), shut in zip(offers, closed, strict=True):
        question = Question(filters, closed=shut.ids, closed_organisations=shut.organisations)
        stands = here.index.standing(offer_record(offer, here.as_of), ids, question)
        # Rounded as points are shown: a firm with "70" on the page has 70.
        found.append(Newcomers(stands.organisations, np.floor(stands.points + 0.5)))
    return found
