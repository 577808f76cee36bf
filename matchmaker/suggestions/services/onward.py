"""Where one goes on from a pair that came to nothing: the next best, and what opens this door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.match import Lever
from matchmaker.matching.records import FactValue, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services.ahead import BEST, Seen, matches_of
from matchmaker.suggestions.services.closed import closed_for


@dataclass(frozen=True, slots=True)
class Onward:
    best: Sequence[Seen] = ()
    #: What would have to change for the pair itself; None where none of its rules is shut.
    lever: Lever | None = None
    #: What the firm shows, by fact: levers name it.
    facts: Mapping[str, FactValue] = field(default_factory=dict)


def onward(session: Session, need: Need, offer: Offer, side: Side) -> Onward:
    """For one side of a pair, in four queries; nothing while its own row is not open.

    Both are read from the index, which is in step with their rows.
    """
    mine: Need | Offer = need if side is Side.NEED else offer
    here, [closed] = resident(session), closed_for(session, [mine])
    asked, given = here.index.record("need", need.id), here.index.record("offer", offer.id)
    record = asked if side is Side.NEED else given
    # A provider that a set asks for help with a need of money: its set's page says who is next.
    if record is None or need.kind is not offer.kind:
        return Onward()
    ranking = here.index.top(
        record,
        n=BEST,
        closed=closed.ids,
        closed_organisations=closed.organisations,
        day=clock.today().toordinal(),
    )
    best = matches_of(session, side, mine, ranking)
    if side is Side.OFFER or not (isinstance(asked, NeedRecord) and isinstance(given, OfferRecord)):
        return Onward(best)
    levers = score_pair(asked, given, here.index.model).levers
    return Onward(best, levers[0] if levers else None, asked.facts)
