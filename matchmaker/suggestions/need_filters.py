"""The choices among needs as filters of the index: for the form of a list, and for kept ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.matching.index import Filters
from matchmaker.matching.records import Band, Criterion
from matchmaker.vocabulary import bands
from matchmaker.vocabulary.readiness import LEVELS

#: A firm is owned by women here from the band "half or more" on.
WOMEN_OWNED = Criterion("women_share", "at_least", (50,))


def need_filters(chosen: Mapping[str, Any]) -> Filters:
    """Give the filters of the answers of `NeedFilterForm`; one that is missing narrows nothing."""
    sizes, sector = chosen.get("size") or (), chosen.get("sector")
    return Filters(
        attrs={
            **place_attrs(chosen.get("place")),
            "size": tuple(f"size:{code}" for code in sizes),
            "sector": (f"isic4:{sector}",) if sector else (),
        },
        amount=band(chosen.get("amount")),
        facts=(
            *((WOMEN_OWNED,) if chosen.get("women") else ()),
            *_readiness(chosen.get("readiness")),
        ),
        only_met=bool(chosen.get("eligible")),
    )


def place_attrs(place: str | None) -> dict[str, tuple[str, ...]]:
    return {"place": (f"iso3166-{2 if '-' in place else 1}:{place}",)} if place else {}


def band(key: str | None) -> Band | None:
    found = bands.band_of(key or "")
    return Band(found.low, found.high) if found else None


def _readiness(level: str | None) -> tuple[Criterion, ...]:
    code = LEVELS.get(level or "")
    if code is None:
        return ()
    return (Criterion("readiness", "at_least", (float(code.extra["at_least"]),)),)
