"""Draws of one seeded generator: ids, moments, amounts that people would name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import TypeVar

from matchmaker.extensions.database import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH
from matchmaker.vocabulary import rates
from matchmaker.vocabulary.currencies import to_minor

T = TypeVar("T")


def public_id(rng: Random) -> str:
    return "".join(rng.choices(PUBLIC_ID_ALPHABET, k=PUBLIC_ID_LENGTH))


def chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def some(rng: Random, items: Sequence[T], probability: float) -> list[T]:
    return [item for item in items if rng.random() < probability]


def between(rng: Random, first: datetime, last: datetime) -> datetime:
    """A moment of that span; the first one where there is no span."""
    seconds = max((last - first).total_seconds(), 0)
    return first + timedelta(seconds=int(rng.random() * seconds))


def days(rng: Random, low: float, high: float) -> timedelta:
    return timedelta(minutes=int(rng.uniform(low, high) * 24 * 60))


def round_figures(amount: float) -> int:
    """Two leading figures, the second a 0 or a 5: what people say when asked for a sum."""
    if amount < 10:
        return max(round(amount), 1)
    step: int = 10 ** int(math.log10(amount)) // 2
    return round(amount / step) * step


@lru_cache(maxsize=4096)
def in_currency(usd: int, currency: str) -> int:
    """A round sum of a currency near so many dollars, in minor units."""
    amount = round_figures(usd * rates.latest(currency).per_usd)
    return to_minor(Decimal(amount), currency)


def usd_between(rng: Random, low: float, high: float) -> int:
    """Small sums are asked for more often than large ones."""
    return round_figures(math.exp(rng.uniform(math.log(max(low, 1)), math.log(high))))
