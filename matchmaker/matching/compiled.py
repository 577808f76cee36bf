"""Loops over rows, compiled by numba: what numpy does in several passes, in the same order.

Sums of fractions are added up in the order in which numpy adds them and nothing is reassociated or
fused (``fastmath`` is off), so that answers are equal to the bit. Types are named here, so that
nothing is left to be compiled when a question is asked.
"""

from __future__ import annotations

from heapq import heapreplace

import numpy as np
from numba import njit, types

from matchmaker.matching.model import DIGITS
from matchmaker.matching.postings import GRAIN


def _read(kind: types.Type) -> types.Array:
    """Mapped arrays cannot be written to; others are taken too."""
    return types.Array(kind, 1, "C", readonly=True)


_WRITTEN = types.Array(types.int64, 1, "C")
_INT, _F32, _U16 = _read(types.int64), _read(types.float32), _read(types.uint16)
#: Places are stored in the smallest type that holds them.
_PLACES = [_read(kind) for kind in (types.uint8, types.uint16, types.uint32)]


@njit(
    [(_INT, _INT, places, values, _F32) for places in _PLACES for values in (_F32, _U16)],
    cache=True,
    nogil=True,
)
def dot_rows(
    starts: np.ndarray,
    lengths: np.ndarray,
    places: np.ndarray,
    values: np.ndarray,
    by_place: np.ndarray,
) -> np.ndarray:
    """Return each row's sum of products with the query, float64: ``Postings.dot`` of rows."""
    sums = np.zeros(len(starts))
    for row in range(len(starts)):
        total = 0.0
        for entry in range(starts[row], starts[row] + lengths[row]):
            total += np.float64(values[entry]) * np.float64(by_place[places[entry]])
        sums[row] = total
    return sums


@njit([(_WRITTEN, _INT, of, _INT) for of in _PLACES], cache=True, nogil=True)
def add_of_rows(total: np.ndarray, table: np.ndarray, of: np.ndarray, rows: np.ndarray) -> None:
    """Add ``table[of[rows]]`` to ``total``."""
    for at in range(len(rows)):
        total[at] += table[of[rows[at]]]


@njit(
    [(_INT, _read(types.int32), types.int64, _INT, _F32, types.Array(types.float32, 1, "C"))],
    cache=True,
    nogil=True,
)
def spread_weights(
    keys: np.ndarray,
    first: np.ndarray,
    shift: int,
    wanted: np.ndarray,
    weights: np.ndarray,
    by_place: np.ndarray,
) -> None:
    """Write the weights of wanted keys to their places among ``keys``; others have no place.

    Keys from 0 on, rising; ``first``: where those begin that are alike before their last ``shift``
    bits, and behind the last.
    """
    for at in range(len(wanted)):
        low, high = first[wanted[at] >> shift], first[(wanted[at] >> shift) + 1]
        while low < high:
            middle = (low + high) >> 1
            if keys[middle] < wanted[at]:
                low = middle + 1
            else:
                high = middle
        if low < len(keys) and keys[low] == wanted[at]:
            by_place[low] = weights[at]


_MASK = _read(types.bool_)


@njit([(_INT, _MASK)], cache=True, nogil=True)
def count_of(counts: np.ndarray, chosen: np.ndarray) -> int:
    """Return the sum of ``counts`` where chosen."""
    total = 0
    for at in range(len(counts)):
        if chosen[at]:
            total += counts[at]
    return total


@njit([(_read(types.int32), _INT, _MASK)], cache=True, nogil=True)
def rows_of(order: np.ndarray, starts: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the spans of ``order`` between ``starts`` that are chosen, one after the other."""
    rows = np.empty(count_of(starts[1:] - starts[:-1], chosen), np.int64)
    end = 0
    for span in range(len(chosen)):
        if chosen[span]:
            for at in range(starts[span], starts[span + 1]):
                rows[end] = order[at]
                end += 1
    return rows


@njit([(_INT, _read(types.int32), types.int64)], cache=True, nogil=True)
def span_of(numbers: np.ndarray, order: np.ndarray, number: int) -> tuple[int, int]:
    """Return the start and the end of those in ``order``, in which ``numbers`` rise, with one."""
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) >> 1
        if numbers[order[middle]] < number:
            low = middle + 1
        else:
            high = middle
    end = low
    while end < len(order) and numbers[order[end]] == number:
        end += 1
    return low, end


_SIGNED, _FRACTION = types.int64, types.float64
_STARTS, _GRAINS, _F64 = _read(types.uint32), _read(types.uint16), _read(types.float64)
#: Bounds are put in order roughly: a bucket for each of so many parts of a hundred points.
_BUCKETS = 1024
_LOW = (1 << 32) - 1
_GRAIN, _DIGITS = float(GRAIN), float(DIGITS)


@njit(cache=True, nogil=True)
def _bound(both: int, reach: tuple[float, float]) -> float:
    forward = float(both & _LOW) + (reach[0] + 5.0)
    backward = float(both >> 32) + (reach[1] + 5.0)
    return forward * backward / (forward + backward) / 50.0


@njit(cache=True, nogil=True)
def _harmonic(both: int) -> float:
    forward = ((both & _LOW) + 5) // 10
    backward = ((both >> 32) + 5) // 10
    if forward + backward == 0:
        return 0.0
    return 2.0 * forward * backward / (forward + backward) / 10.0


@njit(cache=True, nogil=True)
def _likely(bounds: np.ndarray, n: int) -> float:
    """Return a bound that at least ``n`` of the rows reach, and few more."""
    counts = np.zeros(_BUCKETS + 1, np.int64)
    for bound in bounds:
        counts[int(bound * (_BUCKETS / 101.0))] += 1
    at, reached = _BUCKETS, counts[_BUCKETS]
    while at > 0 and reached < n:
        at -= 1
        reached += counts[at]
    return at / (_BUCKETS / 101.0)


@njit(
    [
        types.Tuple((_WRITTEN, types.Array(_FRACTION, 1, "C"), _FRACTION))(
            *(_INT, _INT, _SIGNED, types.UniTuple(_FRACTION, 2), _SIGNED, _FRACTION),
            types.Tuple((_STARTS, places, _GRAINS, _F32)),
            types.Tuple((_F64, _SIGNED, _SIGNED)),
        )
        for places in _PLACES[1:]
    ],
    cache=True,
    nogil=True,
)
def best_texts(
    rows: np.ndarray,
    both: np.ndarray,
    factor: int,
    reach: tuple[float, float],
    n: int,
    slack: float,
    entries: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    scale: tuple[np.ndarray, int, int],
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return which of the rows may be among the best ``n``, their scores, and the n-th score."""
    starts, places, values, by_place = entries
    steps, first, unknown = scale
    scores = np.full(len(rows), -1.0)
    bounds = np.empty(len(rows))
    for at in range(len(rows)):
        bounds[at] = _bound(both[at], reach)
    likely, least = _likely(bounds, n), -1.0
    best = [-1.0 for _ in range(n)]
    for later in (False, True):
        for at in range(len(rows)):
            if (bounds[at] < likely) != later or bounds[at] < least - slack:
                continue
            start, end = starts[rows[at]], starts[rows[at] + 1]
            points = unknown
            if start < end:
                total = 0.0
                for entry in range(start, end):
                    total += np.float64(values[entry]) * np.float64(by_place[places[entry]])
                raw = np.rint(total * _GRAIN * _DIGITS)
                points = first + int(np.searchsorted(steps, raw, "right"))
            scores[at] = _harmonic(both[at] + factor * points)
            if scores[at] > least:
                heapreplace(best, scores[at])
                least = best[0]
    kept = np.flatnonzero(scores >= max(least, 0.0))
    return kept, scores[kept], least
