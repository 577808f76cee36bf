"""Sets of offers for a need: those that its list shows, and one by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.index import Filters, Ranking
from matchmaker.matching.index.stacked import stacks
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.stacks import (
    MOST_PARTS,
    Role,
    Stack,
    codes_by_role,
    service_need,
    stack_of,
)
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.organisations.services.capacity import places_left
from matchmaker.suggestions.helping import helping_code
from matchmaker.suggestions.records import need_record, offer_record
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.resident.building import Resident
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services.closed import Closed, closed_for

#: Sets of a list: one of each kind, and no more than a reader takes in beside the single offers.
MOST = 2


@dataclass(frozen=True, slots=True)
class ListedSet:
    """A set with its offers in the order to ask in; it stands behind so many single matches."""

    stack: Stack
    need_id: int
    offers: Sequence[Offer]
    after: int


@dataclass(frozen=True, slots=True)
class ExplainedSet:
    stack: Stack
    offers: Sequence[Offer]
    #: Each part's own match, in the same order.
    matches: Sequence[Match]
    version: int


def sets_among(
    here: Resident, need: Need | Offer, filters: Filters, ranking: Ranking, closed: Closed
) -> list[Stack]:
    """The sets of the first page of a need's list.

    None where the reader wants only what is known to be open: a set opens what is not.
    """
    if isinstance(need, Offer) or need.kind is not Kind.FINANCE or filters.only_met:
        return []
    return stacks(
        here.index,
        need_record(need, here.as_of),
        ranking,
        helping_code,
        MOST,
        closed=closed.ids,
        closed_organisations=closed.organisations,
    )


def placed_sets(
    row: Need | Offer, found: Sequence[Stack], rows: Mapping[int, Need | Offer], ranking: Ranking
) -> list[ListedSet]:
    """Each behind the single matches of as many points or more.

    Left out: one of which an offer is gone or has no place left, and, where the list goes on, one
    that would stand behind the last single match of the page.
    """
    scores = [match.score for match in ranking.matches]
    goes_on = len(scores) < ranking.total
    placed = []
    for stack in found:
        offers = [part for one in stack.ids if isinstance(part := rows.get(one), Offer)]
        free = [offer for offer in offers if places_left(offer, clock.now()) > 0]
        after = sum(score >= stack.score for score in scores)
        if len(free) == len(stack.ids) and not (goes_on and after == len(scores)):
            placed.append(ListedSet(stack, row.id, offers, after))
    return placed


def set_of(session: Session, need: Need, public_ids: Sequence[str]) -> ExplainedSet | None:
    """The set that these offers make for the need, None if they make none; in a query or three."""
    wanted = set(public_ids)
    if not 1 < len(wanted) == len(public_ids) <= MOST_PARTS:
        return None
    query = loading.live_offers().where(Offer.public_id.in_(wanted))
    offers = list(session.scalars(loading.with_offer_parts(query)))
    return explained(session, need, offers) if len(offers) == len(wanted) else None


def explained(session: Session, need: Need, offers: Sequence[Offer]) -> ExplainedSet | None:
    """Score these offers as a set under the model version this worker serves."""
    here = resident(session)
    model, asked = here.index.model, need_record(need, here.as_of)
    stack = stack_of(asked, [offer_record(one, here.as_of) for one in offers], helping_code, model)
    if stack is None:
        return None
    by_id = {offer.id: offer for offer in offers}
    parts = [by_id[one] for one in stack.ids]
    matches = [_match(asked, offer, stack, model, here.as_of) for offer in parts]
    return ExplainedSet(stack, parts, matches, here.version)


def _match(need: NeedRecord, offer: Offer, stack: Stack, model: Model, today: date) -> Match:
    asked = service_need(need, stack.service) if offer.kind is Kind.SERVICE else need
    return score_pair(asked, offer_record(offer, today), model)


def next_for_part(
    session: Session, need: Need, role: Role, service: str, but: Collection[int]
) -> Offer | None:
    """The best other offer for one part of a set; ``but``: organisations that have a part."""
    here, [closed] = resident(session), closed_for(session, [need])
    record = here.index.record("need", need.id)
    if record is None:
        return None
    asked = cast(NeedRecord, record)
    asked = service_need(asked, service) if role == "service" else asked
    codes = (service,) if role == "service" else codes_by_role()[role]
    ranking = here.index.top(
        asked,
        Filters(codes=codes),
        1,
        closed=closed.ids,
        closed_organisations={*closed.organisations, *but},
        day=clock.today().toordinal(),
    )
    if not ranking.best:
        return None
    query = loading.live_offers().where(Offer.id == ranking.best[0][1])
    return session.scalar(loading.with_offer_parts(query))
