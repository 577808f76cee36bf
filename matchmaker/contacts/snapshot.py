"""What the match page says of a pair at this moment: kept with the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.services import match


@dataclass(frozen=True, slots=True)
class Snapshot:
    score: float | None = None
    reasons: dict[str, Any] = field(default_factory=dict)
    model_version: int = 0


def snapshot(session: Session, need: Need, offer: Offer) -> Snapshot:
    """Nothing for a pair that cannot be held against each other: asking it is refused anyway."""
    try:
        found = match.snapshot(session, need, offer)
    except match.NotComparableError:
        return Snapshot()
    score, version = found.pop("score"), found.pop("model_version")
    return Snapshot(score, found, version)
