"""Loops over rows, compiled by numba: what numpy does in several passes, in the same order.

Sums of fractions are added up in the order in which numpy adds them and nothing is reassociated or
fused (``fastmath`` is off), so that answers are equal to the bit. Types are named here, so that
nothing is left to be compiled when a question is asked.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types


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
