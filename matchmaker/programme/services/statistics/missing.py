"""Reading what is missing now: gaps, unasked offers, and who has waited longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from matchmaker.organisations.models import Offer
from matchmaker.programme.models import LeverDoor, UnaskedOffer, UnmetNeed
from matchmaker.programme.services.rollups.cells import code_value
from matchmaker.programme.services.statistics.selection import Selection

LISTED = 10
_LEVER = "lever"


@dataclass(frozen=True, slots=True)
class Gap:
    """Needs of one province and code that no offer is open to."""

    province: str
    #: `scheme:code`.
    code: str
    needs: int
    offers: int
    #: What stops most of them, and how many of them.
    gate: str
    stopped: int


@dataclass(frozen=True, slots=True)
class Lever:
    """One change that a firm can make, and what it would open in a province."""

    province: str
    fact: str
    #: Pairs of a need and an offer that it misses by this fact alone.
    doors: int
    needs: int


@dataclass(frozen=True, slots=True)
class Unasked:
    offer: Offer
    shown: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """What open needs lack, as of now: the period does not narrow it."""

    gaps: Sequence[Gap]
    levers: Sequence[Lever]


def lacking(session: Session, chosen: Selection, limit: int = LISTED) -> Lacking:
    """Gaps, the largest first, and each province's lever, that of most doors first; one query."""
    gates: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    offers: dict[str, int] = {}
    levers: dict[str, Lever] = {}
    for province, kind, code, what, first, second in session.execute(_lacking(chosen)):
        if kind == _LEVER:
            levers[province] = max(
                levers.get(province, Lever(province, what, 0, 0)),
                Lever(province, what, int(first), int(second)),
                key=lambda lever: (lever.doors, lever.needs, lever.fact),
            )
            continue
        value = code_value(kind, code)
        gates[(province, value)][what] += int(first)
        offers[value] = second
    found = [
        Gap(province, code, by_gate.total(), offers[code], *_most(by_gate))
        for (province, code), by_gate in gates.items()
    ]
    return Lacking(
        sorted(found, key=lambda gap: (-gap.needs, gap.province, gap.code))[:limit],
        sorted(levers.values(), key=lambda lever: (-lever.doors, lever.province))[:limit],
    )


def _lacking(chosen: Selection) -> CompoundSelect[Any]:
    """Rows of both tables: (province, kind or the mark of a lever, code, gate or fact, n, n)."""
    gap = (UnmetNeed.province, UnmetNeed.kind, UnmetNeed.code, UnmetNeed.gate)
    lever = (LeverDoor.province, literal(_LEVER), literal(""), LeverDoor.fact)
    return union_all(
        select(*gap, func.sum(UnmetNeed.needs), func.max(UnmetNeed.offers))
        .where(*chosen.kinds(UnmetNeed), *chosen.places(UnmetNeed))
        .group_by(*gap),
        select(*lever, func.sum(LeverDoor.doors), func.sum(LeverDoor.needs))
        .where(*chosen.kinds(LeverDoor), *chosen.places(LeverDoor))
        .group_by(LeverDoor.province, LeverDoor.fact),
    )


def gaps(session: Session, chosen: Selection, limit: int = LISTED) -> Sequence[Gap]:
    return lacking(session, chosen, limit).gaps


def unasked(session: Session, chosen: Selection, limit: int = LISTED) -> Sequence[Unasked]:
    """Offers that were shown most and asked for never."""
    conditions = chosen.places(UnaskedOffer)
    if chosen.kind:
        conditions.append(UnaskedOffer.kind == chosen.kind)
    query = (
        select(Offer, UnaskedOffer.shown)
        .join(UnaskedOffer, UnaskedOffer.offer_id == Offer.id)
        .options(joinedload(Offer.organisation))
        .where(*conditions)
        .order_by(UnaskedOffer.shown.desc(), UnaskedOffer.published_on, Offer.id)
        .limit(limit)
    )
    return [Unasked(offer, shown) for offer, shown in session.execute(query)]


def unasked_count(session: Session, chosen: Selection) -> int:
    conditions = chosen.places(UnaskedOffer)
    if chosen.kind:
        conditions.append(UnaskedOffer.kind == chosen.kind)
    return session.scalar(select(func.count()).select_from(UnaskedOffer).where(*conditions)) or 0


def _most(by_gate: Counter[str]) -> tuple[str, int]:
    return min(by_gate.items(), key=lambda item: (-item[1], item[0]))
