"""One pair by itself: the same score as in any list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.errors import MatchmakerError
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.organisations.models import Need, Offer, PublicationState
from matchmaker.suggestions.records import need_record, offer_record
from matchmaker.suggestions.resident.holder import resident


class NotComparableError(MatchmakerError):
    """A finance need and a service offer, or two rows of one organisation."""


@dataclass(frozen=True, slots=True)
class Explained:
    match: Match
    need: NeedRecord
    offer: OfferRecord
    version: int
    model: Model


def explain(session: Session, need: Need, offer: Offer) -> Explained:
    """Score the pair under the model version this worker serves; raises NotComparableError."""
    [found] = explain_each(session, [need], offer)
    return found


def explain_each(session: Session, needs: Sequence[Need], offer: Offer) -> list[Explained]:
    """The same for several needs, under one model version and in as many queries as for one."""
    if any(_are_apart(need, offer) for need in needs):
        raise NotComparableError
    here = resident(session)
    model, given = here.index.model, offer_record(offer, here.as_of)
    found = []
    for need in needs:
        asked = need_record(need, here.as_of)
        match = score_pair(asked, given, model)
        found.append(Explained(match, asked, given, here.version, model))
    return found


def _are_apart(need: Need, offer: Offer) -> bool:
    return need.kind is not offer.kind or need.organisation_id == offer.organisation_id


def snapshot(session: Session, need: Need, offer: Offer) -> dict[str, Any]:
    """What a contact request keeps of this moment, as plain values."""
    found = explain(session, need, offer)
    match = found.match
    return {
        "score": match.score,
        "forward": match.forward,
        "backward": match.backward,
        "reasons": [{"code": one.code, "side": one.side} for one in match.reasons],
        "model_version": found.version,
    }


def is_live(row: Need | Offer) -> bool:
    """Whether the other side may see it at all."""
    return row.state is PublicationState.PUBLISHED and row.organisation.is_published
