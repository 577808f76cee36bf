"""Reading what is missing now: gaps, unasked offers, and who has waited longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.organisations.models import Offer
from matchmaker.programme.models import UnaskedOffer, UnmetNeed
from matchmaker.programme.services.rollups.cells import code_value
from matchmaker.programme.services.statistics.selection import Selection

LISTED = 10


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
class Unasked:
    offer: Offer
    shown: int


def gaps(session: Session, chosen: Selection, limit: int = LISTED) -> Sequence[Gap]:
    """The largest first. They are as of now: the period does not narrow them."""
    dims = (UnmetNeed.province, UnmetNeed.kind, UnmetNeed.code, UnmetNeed.gate)
    query = (
        select(*dims, func.sum(UnmetNeed.needs), func.max(UnmetNeed.offers))
        .where(*chosen.kinds(UnmetNeed), *chosen.places(UnmetNeed))
        .group_by(*dims)
    )
    gates: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    offers: dict[str, int] = {}
    for province, kind, code, gate, needs, there_are in session.execute(query):
        value = code_value(kind, code)
        gates[(province, value)][gate] += int(needs)
        offers[value] = there_are
    found = [
        Gap(province, code, by_gate.total(), offers[code], *_most(by_gate))
        for (province, code), by_gate in gates.items()
    ]
    return sorted(found, key=lambda gap: (-gap.needs, gap.province, gap.code))[:limit]


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
