"""Who comes first of those with equal points: another one each day, the same one all day.

By ids alone the same few of many that are alike would stand on the page for ever.
"""

from __future__ import annotations

import numpy as np

_WORD = (1 << 64) - 1


def turns_of(ids: np.ndarray, day: int | None) -> np.ndarray:
    """Return by what rows of equal points are ordered, rising; no two ids have the same.

    ``ids`` int64 (n,); ``day`` any whole number that counts days, None for the order of ids. The
    finalizer of splitmix64 (Steele, Lea & Flood 2014), which is one-to-one, of id and day: uint64.
    """
    if day is None:
        return ids
    mixed = ids.astype(np.uint64) + np.uint64((day * 0x9E3779B97F4A7C15) & _WORD)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
