"""What is missing now, counted by a job: unmet needs, doors one change opens, unasked offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

from sqlalchemy import Engine, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import clock
from matchmaker.matching.doors import DoorPool, Doors
from matchmaker.matching.index import Index, Ranking
from matchmaker.matching.levers import in_reach
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.organisations.models import Offer, Organisation, OrganisationState
from matchmaker.programme.models import LeverDoor, UnaskedOffer, UnmetNeed
from matchmaker.programme.services.rollups.facts import band_of_women, introducer_keys
from matchmaker.programme.services.rollups.rolling import count_state
from matchmaker.programme.services.rollups.writing import snapshot
from matchmaker.suggestions.models import Shown
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.resident.holder import resident
from matchmaker.vocabulary.places import current

COUNT_GAPS = "programme.count_gaps"
#: The gate of needs of a kind that no offer at all is made for.
NO_OFFER = "no_offer"
#: What closes an offer of another service.
OTHER_SERVICE = "service"
#: An offer is given so long before anybody wonders why nobody asks.
YOUNG = timedelta(days=30)
#: Needs that are held against the offers together.
AT_ONCE = 5000
BATCH = 500

Key = tuple[str, str, str, str, str, str]
#: Province, introducers, kind, women, fact.
LeverKey = tuple[str, str, str, str, str]
#: Province, introducers, band of the share owned by women, code.
Place = tuple[str, str, str, str]


def count(session: Session, engine: Engine, say: Callable[[int], None] | None = None) -> int:
    """Count all and put it in place of the last count; gives how many needs are unmet."""
    began = clock.now()
    with snapshot(engine) as reading:
        offers = _offers_by_code(reading)
        unasked = _unasked(reading, began)
        offerers = _offerers(reading)
        needs = _dimensions(reading)
        index = resident(reading).index
    found = _look(engine, index, needs, say)
    state = count_state(session)
    if state.gaps_at is None or state.gaps_at <= began:
        _replace(session, UnmetNeed, [_unmet_row(key, n, offers) for key, n in found.unmet.items()])
        _replace(session, LeverDoor, found.lever_rows())
        _replace(session, UnaskedOffer, unasked)
        state.gaps_at, state.offerers = began, offerers
    session.commit()
    return found.unmet.total()


def stopping_gate(ranking: Ranking | Doors) -> str | None:
    """None when an offer is open to the need; else what stops most offers."""
    if ranking.total:
        return None
    if not ranking.pool:
        return NO_OFFER
    # Offers of other services stop nothing where some are of the one that is looked for.
    others = {gate: n for gate, n in ranking.left_out.items() if gate != OTHER_SERVICE}
    stopping = others or ranking.left_out
    return min(stopping.items(), key=lambda item: (-item[1], item[0]))[0]


@dataclass
class _Found:
    """What one pass over the open needs counts."""

    unmet: Counter[Key] = field(default_factory=Counter)
    lever_needs: Counter[LeverKey] = field(default_factory=Counter)
    lever_doors: Counter[LeverKey] = field(default_factory=Counter)

    def add(self, need: NeedRecord, place: Place, gate: str | None, doors: dict[str, int]) -> None:
        province, introducers, women, code = place
        if gate is not None:
            self.unmet[(province, introducers, need.kind, women, code, gate)] += 1
        for fact, n in doors.items():
            key = (province, introducers, need.kind, women, fact)
            self.lever_needs[key] += 1
            self.lever_doors[key] += n

    def lever_rows(self) -> list[dict[str, Any]]:
        names = ("province", "introducers", "kind", "women", "fact")
        return [
            {**dict(zip(names, key, strict=True)), "needs": self.lever_needs[key], "doors": doors}
            for key, doors in self.lever_doors.items()
        ]


def _look(
    engine: Engine,
    index: Index,
    needs: dict[int, Place],
    say: Callable[[int], None] | None,
) -> _Found:
    """No transaction stays open while needs are held against offers: that may take minutes."""
    found, done = _Found(), 0
    pool = DoorPool(cast(OfferRecord, offer) for offer in index.records("offer"))
    for some in _slices(_records(engine, index, needs)):
        for need, doors in _doors(index, pool, some):
            in_reach_of = {fact: n for fact, n in doors.by_one.items() if in_reach(fact)}
            found.add(need, needs[need.id], stopping_gate(doors), in_reach_of)
        done += len(some)
        if say is not None:
            say(done)
    return found


def _records(engine: Engine, index: Index, needs: Collection[int]) -> Iterator[NeedRecord]:
    """Of these needs those in the index, then those that are too new to be in it."""
    missing = set(needs)
    for one in index.records("need"):
        if one.id in missing:
            missing.remove(one.id)
            yield cast(NeedRecord, one)
    for some in loading.batches(sorted(missing)):
        with snapshot(engine) as reading:
            yield from loading.needs_by_id(reading, some, clock.today())


def _doors(
    index: Index, pool: DoorPool, needs: Sequence[NeedRecord]
) -> Iterator[tuple[NeedRecord, Doors | Ranking]]:
    """Nobody's own offers are doors: who has both needs and offers is ranked by itself."""
    plain = [need for need in needs if not pool.offers(need.organisation_id)]
    yield from zip(plain, pool.doors(plain), strict=True)
    for need in needs:
        if pool.offers(need.organisation_id):
            yield need, index.top(need, n=0, near=0)


def _slices(needs: Iterator[NeedRecord]) -> Iterator[list[NeedRecord]]:
    while some := list(islice(needs, AT_ONCE)):
        yield some


def _dimensions(session: Session) -> dict[int, Place]:
    vouched, live = introducer_keys(session), loading.live_needs().subquery()
    query = select(
        live.c.id, live.c.code, Organisation.id, Organisation.province, Organisation.women_share
    ).join(Organisation, Organisation.id == live.c.organisation_id)
    return {
        need_id: (current(province), vouched.get(firm_id, ""), band_of_women(share), code)
        for need_id, code, firm_id, province, share in session.execute(query)
    }


def _offers_by_code(session: Session) -> dict[tuple[str, str], int]:
    live = loading.live_offers().subquery()
    query = select(live.c.kind, live.c.code, func.count()).group_by(live.c.kind, live.c.code)
    return {(kind.value, code): n for kind, code, n in session.execute(query)}


def _offerers(session: Session) -> int:
    query = select(func.count(Organisation.id)).where(
        Organisation.state == OrganisationState.PUBLISHED,
        or_(Organisation.is_funder, Organisation.is_provider),
    )
    return session.scalar(query) or 0


def _unmet_row(key: Key, needs: int, offers: dict[tuple[str, str], int]) -> dict[str, Any]:
    names = ("province", "introducers", "kind", "women", "code", "gate")
    row: dict[str, Any] = dict(zip(names, key, strict=True))
    return row | {"needs": needs, "offers": offers.get((row["kind"], row["code"]), 0)}


def _unasked(session: Session, now: datetime) -> list[dict[str, Any]]:
    vouched = introducer_keys(session)
    asked = exists().where(ContactRequest.offer_id == Offer.id)
    shown = (
        select(func.count(func.distinct(Shown.need_id)))
        .where(Shown.offer_id == Offer.id)
        .scalar_subquery()
    )
    query = (
        loading.live_offers()
        .where(~asked, Offer.published_at <= now - YOUNG)
        .with_only_columns(
            Offer.id,
            Offer.kind,
            Offer.code,
            Offer.published_at,
            Organisation.id,
            Organisation.province,
            shown,
        )
    )
    return [
        {
            "offer_id": offer_id,
            "province": current(province),
            "introducers": vouched.get(organisation_id, ""),
            "kind": kind.value,
            "code": code,
            "published_on": at.date(),
            "shown": times,
        }
        for offer_id, kind, code, at, organisation_id, province, times in session.execute(query)
        if at is not None
    ]


def _replace(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    session.execute(delete(table))
    for at in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[at : at + BATCH])
