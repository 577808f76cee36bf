"""Features of rows, listed both ways: the rows of each key, and the keys of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Sparse = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Postings:
    """Entries (row, key, value) as flat arrays, in order of keys and again in order of rows.

    Sums run over keys in rising order whichever way they are taken, so that a row's sum is the same
    to the bit in any pool and among any rows.
    """

    #: Sorted, unique, int64 (k,); where each key's entries start, int64 (k + 1,).
    keys: np.ndarray
    starts: np.ndarray
    #: Entries by key: rows int32 (e,), rising within a key, and values float32 (e,).
    rows: np.ndarray
    values: np.ndarray
    #: Where each row's entries start, int64 (size + 1,).
    row_starts: np.ndarray
    #: Entries by row: places in ``keys`` int32 (e,), rising within a row, and values float32 (e,).
    places: np.ndarray
    row_values: np.ndarray

    @property
    def size(self) -> int:
        """Number of rows, those without entries included."""
        return len(self.row_starts) - 1

    @classmethod
    def build(cls, features: Sequence[Sparse]) -> Postings:
        """Return the postings of rows given as (sorted keys, values), one pair a row."""
        lengths = np.array([len(keys) for keys, _ in features], np.int64)
        row_starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        if not lengths.sum():
            none, zero = np.empty(0, np.int64), np.zeros(1, np.int64)
            return cls(none, zero, _I32, _F32, row_starts, _I32, _F32)
        entries = np.concatenate([keys for keys, _ in features])
        values = np.concatenate([values for _, values in features]).astype(np.float32)
        keys, places, counts = np.unique(entries, return_inverse=True, return_counts=True)
        places = places.astype(np.int32)
        order = np.argsort(places, kind="stable")
        rows = np.repeat(np.arange(len(features), dtype=np.int32), lengths)[order]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(keys, starts, rows, values[order], row_starts, places, values)

    def entries(self, query: Sparse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (rows, values, query values repeated) of all entries under the query's keys."""
        at, weights = self._shared(query)
        if not len(at):
            return _I32, _F32, _F32
        starts, ends = self.starts[at], self.starts[at + 1]
        spans = [slice(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        rows = np.concatenate([self.rows[span] for span in spans])
        values = np.concatenate([self.values[span] for span in spans])
        return rows, values, np.repeat(weights, ends - starts)

    def _shared(self, query: Sparse) -> Sparse:
        """Return the places in ``keys`` of the query's keys that are there, with their weights."""
        wanted, weights = query
        if not len(self.keys) or not len(wanted):
            return np.empty(0, np.int64), _F32
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = np.flatnonzero(self.keys[at] == wanted)
        return at[found], weights[found]

    def dot(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the sum of products with the query, float64 (size,), or of the rows ``among``."""
        if among is None or not self._better_by_row(query, among):
            rows, values, weights = self.entries(query)
            products = np.multiply(values, weights, dtype=np.float64)
            sums = np.bincount(rows, weights=products, minlength=self.size)
            return sums if among is None else sums[among]
        lengths, products = self._products(query, among)
        rows = np.repeat(np.arange(len(among)), lengths)
        return np.bincount(rows, weights=products, minlength=len(among))

    def greatest(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the greatest product with the query, 0 without any, float64; shape as ``dot``."""
        if among is None or not self._better_by_row(query, among):
            rows, values, weights = self.entries(query)
            result = np.zeros(self.size)
            np.maximum.at(result, rows, values.astype(np.float64) * weights)
            return result if among is None else result[among]
        lengths, products = self._products(query, among)
        result, filled = np.zeros(len(among)), np.flatnonzero(lengths)
        if len(filled):
            starts = (np.cumsum(lengths) - lengths)[filled]
            result[filled] = np.maximum(np.maximum.reduceat(products, starts), 0.0)
        return result

    def _better_by_row(self, query: Sparse, among: np.ndarray) -> bool:
        """Whether the entries of these rows are fewer than those of the query's keys."""
        at, _ = self._shared(query)
        by_key = int((self.starts[at + 1] - self.starts[at]).sum())
        by_row = len(among) * len(self.rows) / max(self.size, 1)
        return _DEARER_BY_ROW * by_row < by_key + self.size / 4

    def _products(self, query: Sparse, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many entries each of the rows has, and each entry's product, 0 if unshared."""
        starts = self.row_starts[among]
        lengths = self.row_starts[among + 1] - starts
        before = np.cumsum(lengths) - lengths
        entries = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
        at, weights = self._shared(query)
        by_place = np.zeros(max(len(self.keys), 1), np.float32)
        by_place[at] = weights
        products = np.multiply(
            self.row_values[entries], by_place[self.places[entries]], dtype=np.float64
        )
        return lengths, products

    def having(self, keys: np.ndarray, value: float | None = None) -> np.ndarray:
        """Return a mask of rows that have any of the keys (with exactly ``value`` if given)."""
        rows, values, _ = self.entries((keys, np.ones(len(keys), np.float32)))
        mask = np.zeros(self.size, bool)
        mask[rows if value is None else rows[values == value]] = True
        return mask


_F32, _I32 = np.empty(0, np.float32), np.empty(0, np.int32)
#: An entry looked up by row costs about this many entries walked by key.
_DEARER_BY_ROW = 2.5


def sparse(features: dict[int, float]) -> Sparse:
    """Return a feature dictionary as (sorted keys, float32 values)."""
    keys = np.array(sorted(features), np.int64)
    return keys, np.array([features[item] for item in keys.tolist()], np.float32)
