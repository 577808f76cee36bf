"""How near one firm's need is to another's: whom to bring together before one offer.

The mean, by weight, of what is known of (formula ours; what a need says in words is no part of it,
for the order of the firms would tell a stranger who tries words what others wrote)

=======  ======  =================================================================================
part     weight  value in [0, 1]
=======  ======  =================================================================================
sector   .4      1 for the same class, half for each step up to the shared group (``codes.spread``)
place    .3      the same along province and country; three quarters for two provinces that one
                 economic corridor passes through, in one country or two
papers   .1      share of the papers that the offer asks and the asking firm lacks, which this firm
                 has; not known where nothing lacks: complementary only where it counts
=======  ======  =================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchmaker.matching.codes import chain, spread
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.vocabulary import places

WEIGHTS = {"sector": 0.4, "place": 0.3, "papers": 0.1}
#: Between the same province and the same country.
CORRIDOR = 0.75


@dataclass(frozen=True, slots=True)
class Near:
    """How near a need is to the asking one: its known parts, each in [0, 1]; ``value`` as well."""

    need_id: int
    band: Band
    parts: Mapping[str, float]
    value: float


def nearness(need: NeedRecord, offer: OfferRecord, other: NeedRecord) -> Near:
    """Return how near another need is to the asking one; ValueError if it says no amount."""
    if other.amount is None:
        raise ValueError("a need without an amount adds nothing up")
    raw = {
        "sector": _along(need.attrs.get("sector", ()), other.attrs.get("sector", ())),
        "place": _place(need.attrs.get("place", ()), other.attrs.get("place", ())),
        "papers": _papers(need, offer, other),
    }
    parts = {name: value for name, value in raw.items() if value is not None}
    weight = sum(WEIGHTS[name] for name in parts)
    total = sum(WEIGHTS[name] * value for name, value in parts.items())
    return Near(other.id, other.amount, parts, total / weight if weight else 0.0)


def _place(mine: Sequence[str], theirs: Sequence[str]) -> float | None:
    near = _along(mine, theirs)
    if near is not None and near < CORRIDOR and _corridors(mine) & _corridors(theirs):
        return CORRIDOR
    return near


def _corridors(codes: Sequence[str]) -> frozenset[str]:
    return frozenset[str]().union(*(places.corridors(one.partition(":")[2]) for one in codes))


def _along(mine: Sequence[str], theirs: Sequence[str]) -> float | None:
    """Return the greatest nearness of two sets of codes along their hierarchy."""
    if not mine or not theirs:
        return None
    above = {found for code in _finest(theirs) for found in chain(code)}
    near = (near for code in _finest(mine) for found, near in spread(code) if found in above)
    return max(near, default=0.0)


def _finest(codes: Sequence[str]) -> list[str]:
    """Leave out what only holds another: the country beside its province says nothing more."""
    held = {above for code in codes for above in chain(code)[1:]}
    return [code for code in codes if code not in held]


def _papers(need: NeedRecord, offer: OfferRecord, other: NeedRecord) -> float | None:
    lacking = offer.evidence - (need.evidence or frozenset())
    return len(lacking & (other.evidence or frozenset())) / len(lacking) if lacking else None
