"""What people did about a pair, written down once by whoever saw it happen."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side


def record_feedback(
    session: Session,
    need: Need,
    offer: Offer,
    kind: FeedbackKind,
    side: Side,
    *,
    reason: str = "",
    account_id: int | None = None,
    model_version: int = 0,
    score: float | None = None,
) -> Feedback:
    row = Feedback(
        need_id=need.id,
        offer_id=offer.id,
        kind=kind,
        side=side,
        reason=reason,
        account_id=account_id,
        model_version=model_version,
        score=score,
    )
    session.add(row)
    session.flush()
    return row
