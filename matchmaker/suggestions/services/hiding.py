"""'Not for me' and taking it back: the card goes or returns, and both are feedback."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.suggestions.services.feedback import record_feedback
from matchmaker.suggestions.services.match import explain
from matchmaker.suggestions.services.pairs import hide, show_again


def hide_pair(
    session: Session, need: Need, offer: Offer, side: Side, *, reason: str, account_id: int
) -> None:
    found = explain(session, need, offer)
    hide(session, need, offer, side, reason=reason, account_id=account_id)
    record_feedback(
        session,
        need,
        offer,
        FeedbackKind.NOT_FOR_ME,
        side,
        reason=reason,
        account_id=account_id,
        model_version=found.version,
        score=found.match.score,
    )


def show_pair(session: Session, need: Need, offer: Offer, side: Side, *, account_id: int) -> None:
    if show_again(session, need, offer, side):
        record_feedback(session, need, offer, FeedbackKind.TAKEN_BACK, side, account_id=account_id)
