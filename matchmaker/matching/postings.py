"""Inverted lists over rows: for each feature key, the rows that have it and their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Sparse = tuple[np.ndarray, np.ndarray]


class Postings:
    """Rows by feature key, as four flat arrays (one entry is 8 bytes beside the keys).

    ``keys`` int64 sorted unique (k,), ``starts`` int64 (k + 1,), ``rows`` int32 (e,) rising within
    a key, ``values`` float32 (e,). Sums run over keys in rising order, so that a row's sum is the
    same to the bit in any pool.
    """

    __slots__ = ("keys", "rows", "size", "starts", "values")

    def __init__(
        self, keys: np.ndarray, starts: np.ndarray, rows: np.ndarray, values: np.ndarray, size: int
    ) -> None:
        self.keys, self.starts, self.rows, self.values = keys, starts, rows, values
        self.size = size

    @classmethod
    def build(cls, features: Sequence[Sparse]) -> Postings:
        """Return the postings of rows given as (sorted keys, values), one pair a row."""
        lengths = np.array([len(keys) for keys, _ in features], np.int64)
        if not lengths.sum():
            empty = np.empty(0, np.int64)
            return cls(empty, np.zeros(1, np.int64), np.empty(0, np.int32), _F32, len(features))
        entries = np.concatenate([keys for keys, _ in features])
        order = np.argsort(entries, kind="stable")
        rows = np.repeat(np.arange(len(features), dtype=np.int32), lengths)[order]
        values = np.concatenate([values for _, values in features]).astype(np.float32)[order]
        keys, counts = np.unique(entries, return_counts=True)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(keys, starts, rows, values, len(features))

    def entries(self, query: Sparse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (rows, values, query values repeated) of all entries under the query's keys."""
        wanted, weights = query
        if not len(self.keys) or not len(wanted):
            return np.empty(0, np.int32), _F32, _F32
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = np.flatnonzero(self.keys[at] == wanted)
        starts, ends = self.starts[at[found]], self.starts[at[found] + 1]
        spans = [slice(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        if not spans:
            return np.empty(0, np.int32), _F32, _F32
        rows = np.concatenate([self.rows[span] for span in spans])
        values = np.concatenate([self.values[span] for span in spans])
        return rows, values, np.repeat(weights[found], ends - starts)

    def dot(self, query: Sparse) -> np.ndarray:
        """Return the sum of products with the query, float64 (size,)."""
        rows, values, weights = self.entries(query)
        products = np.multiply(values, weights, dtype=np.float64)
        return np.bincount(rows, weights=products, minlength=self.size)

    def greatest(self, query: Sparse) -> np.ndarray:
        """Return the greatest product with the query, 0 without any, float64 (size,)."""
        rows, values, weights = self.entries(query)
        result = np.zeros(self.size)
        np.maximum.at(result, rows, values.astype(np.float64) * weights)
        return result

    def having(self, keys: np.ndarray, value: float | None = None) -> np.ndarray:
        """Return a mask of rows that have any of the keys (with exactly ``value`` if given)."""
        rows, values, _ = self.entries((keys, np.ones(len(keys), np.float32)))
        mask = np.zeros(self.size, bool)
        mask[rows if value is None else rows[values == value]] = True
        return mask


_F32 = np.empty(0, np.float32)


def sparse(features: dict[int, float]) -> Sparse:
    """Return a feature dictionary as (sorted keys, float32 values)."""
    keys = np.array(sorted(features), np.int64)
    return keys, np.array([features[item] for item in keys.tolist()], np.float32)
