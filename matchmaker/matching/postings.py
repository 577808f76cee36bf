"""Features of rows as flat arrays: the keys of each row and, where asked for, the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from matchmaker.matching.fast import Entries, loops_for
from matchmaker.matching.ranks import ranked

Sparse = tuple[np.ndarray, np.ndarray]
#: Values that are whole numbers of this are stored in two bytes; sums of their products are exact,
#: in whatever order they are added.
GRAIN = np.float32(2.0**-16)
MOST_GRAINS = np.iinfo(np.uint16).max
#: Keys are hashes, whole numbers of so many bits.
_KEY_BITS = 63
#: Entries looked up by row in one go: bounds the memory that a large question takes.
_MOST_ENTRIES = 1 << 20


@dataclass(frozen=True)
class ByKey:
    """The entries of postings in order of keys, rows rising within a key."""

    #: Where each key's entries start, int64 (k + 1,).
    starts: np.ndarray
    #: Rows, int32 (e,), and values, float32 (e,).
    rows: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Postings:
    """Entries (row, key, value) as flat arrays in order of rows, and of keys on demand.

    Sums run over keys in rising order whichever way they are taken, so that a row's sum is the same
    to the bit in any pool and among any rows.
    """

    #: Sorted, unique, int64 (k,).
    keys: np.ndarray
    #: Where each row's entries start, unsigned (size + 1,).
    row_starts: np.ndarray
    #: Places in ``keys``, unsigned (e,), rising within a row, and values (e,): float32, or uint16
    #: where all are whole grains.
    places: np.ndarray
    row_values: np.ndarray

    @property
    def size(self) -> int:
        """Number of rows, those without entries included."""
        return len(self.row_starts) - 1

    @property
    def _unit(self) -> float:
        """What a stored value of 1 is."""
        return float(GRAIN) if self.row_values.dtype == np.uint16 else 1.0

    @classmethod
    def build(cls, features: Sequence[Sparse]) -> Postings:
        """Return the postings of rows given as (sorted keys, values), one pair a row."""
        lengths = np.array([len(keys) for keys, _ in features], np.int64)
        row_starts = narrow(np.concatenate([[0], np.cumsum(lengths)]))
        if not lengths.any():
            return cls(np.empty(0, np.int64), row_starts, np.empty(0, np.uint8), _F32)
        entries = np.concatenate([keys for keys, _ in features])
        values = np.concatenate([values for _, values in features], dtype=np.float32)
        keys, places = ranked(entries)
        return cls(keys, row_starts, narrow(places), _in_grains(values))

    def row(self, at: int) -> Sparse:
        """Return the entries of a row as (sorted keys, values)."""
        entries = slice(int(self.row_starts[at]), int(self.row_starts[at + 1]))
        return self.keys[self.places[entries]], _plain(self.row_values[entries])

    @cached_property
    def by_key(self) -> ByKey:
        """The same entries by key: worked out when first asked for, then kept."""
        places = self.places.astype(np.int32)
        order = np.argsort(places, kind="stable")
        ends = self.row_starts.astype(np.int64)
        lengths = ends[1:] - ends[:-1]
        rows = np.repeat(np.arange(self.size, dtype=np.int32), lengths)[order]
        counts = np.bincount(places, minlength=len(self.keys))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return ByKey(starts, rows, _plain(self.row_values)[order])

    def entries(self, query: Sparse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (rows, values, query values repeated) of all entries under the query's keys."""
        at, weights = self._shared(query)
        if not len(at):
            return _I32, _F32, _F32
        listed = self.by_key
        starts, ends = listed.starts[at], listed.starts[at + 1]
        spans = [slice(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        rows = np.concatenate([listed.rows[span] for span in spans])
        values = np.concatenate([listed.values[span] for span in spans])
        return rows, values, np.repeat(weights, ends - starts)

    def _shared(self, query: Sparse) -> Sparse:
        """Return the places in ``keys`` of the query's keys that are there, with their weights."""
        wanted, weights = query
        if not len(self.keys) or not len(wanted):
            return _I32, _F32
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = np.flatnonzero(self.keys[at] == wanted)
        return at[found], weights[found]

    def dot(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the sum of products with the query, float64 (size,), or of the rows ``among``."""
        if among is None:
            rows, values, weights = self.entries(query)
            products = np.multiply(values, weights, dtype=np.float64)
            return np.bincount(rows, weights=products, minlength=self.size)
        loops = loops_for(self.size)
        if loops is not None:
            starts, lengths, by_place = self._of_query(query, among)
            sums = loops.dot_rows(starts, lengths, self.places, self.row_values, by_place)
            return sums * self._unit
        found: list[np.ndarray] = [np.empty(0)]
        exact = self.row_values.dtype == np.uint16 and _in_grains(query[1]).dtype == np.uint16
        for lengths, products in self._products(query, among):
            if exact and lengths.all():
                # In another order than elsewhere, in a tenth of the time.
                found.append(np.add.reduceat(products, np.cumsum(lengths) - lengths))
            else:
                rows = np.repeat(np.arange(len(lengths)), lengths)
                found.append(np.bincount(rows, weights=products, minlength=len(lengths)))
        return np.concatenate(found) * self._unit

    def looped(self, query: Sparse) -> Entries | None:
        """Return what a loop over texts of grains reads; None where types are others."""
        wide = self.row_starts.dtype == np.uint32 and self.places.dtype != np.uint8
        if not wide or self.row_values.dtype != np.uint16:
            return None
        return self.row_starts, self.places, self.row_values, self._by_place(query)

    def greatest(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the greatest product with the query, 0 without any, float64; shape as ``dot``."""
        if among is None:
            rows, values, weights = self.entries(query)
            result = np.zeros(self.size)
            np.maximum.at(result, rows, values.astype(np.float64) * weights)
            return result
        greatest: list[np.ndarray] = [np.empty(0)]
        for lengths, products in self._products(query, among):
            result, filled = np.zeros(len(lengths)), np.flatnonzero(lengths)
            if len(filled):
                starts = (np.cumsum(lengths) - lengths)[filled]
                result[filled] = np.maximum(np.maximum.reduceat(products, starts), 0.0)
            greatest.append(result)
        return np.concatenate(greatest) * self._unit

    def _products(
        self, query: Sparse, among: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Give how many entries each of the rows has, and each entry's product, 0 if unshared.

        In units of the stored values, and in stretches of the rows: memory stays within bounds.
        """
        starts, lengths, by_place = self._of_query(query, among)
        for part in _stretches(lengths):
            yield lengths[part], self._of_rows(starts[part], lengths[part], by_place)

    def _of_query(
        self, query: Sparse, among: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where the rows' entries start, how many, and the query's weights by place."""
        starts = self.row_starts[among].astype(np.int64)
        ends = self.row_starts[among + 1].astype(np.int64)
        return starts, ends - starts, self._by_place(query)

    def _by_place(self, query: Sparse) -> np.ndarray:
        """Return the query's weights by place, kept for the next rows of the same question."""
        last, kept = self.__dict__.get("_last", (None, _F32))
        if last is query:
            return cast(np.ndarray, kept)
        by_place = np.zeros(max(len(self.keys), 1), np.float32)
        loops = loops_for(self.size)
        if loops is None:
            at, weights = self._shared(query)
            by_place[at] = weights
        else:
            first, shift = self._begin
            loops.spread_weights(self.keys, first, shift, *query, by_place)
        self.__dict__["_last"] = (query, by_place)
        return by_place

    @cached_property
    def _begin(self) -> tuple[np.ndarray, int]:
        """Where keys begin that are alike before their last bits, and how many bits these are."""
        bits = max(len(self.keys).bit_length() - 2, 0)
        shift = _KEY_BITS - bits
        begins = np.searchsorted(self.keys, np.arange(1 << bits, dtype=np.int64) << shift)
        return np.append(begins, len(self.keys)).astype(np.int32), shift

    def _of_rows(self, starts: np.ndarray, lengths: np.ndarray, by_place: np.ndarray) -> np.ndarray:
        before = np.cumsum(lengths) - lengths
        entries = np.repeat(starts - before, lengths)
        entries += np.arange(len(entries))
        weights = by_place.take(self.places.take(entries))
        return np.multiply(self.row_values.take(entries), weights, dtype=np.float64)

    def having(self, keys: np.ndarray, value: float | None = None) -> np.ndarray:
        """Return a mask of rows that have any of the keys (with exactly ``value`` if given)."""
        rows, values, _ = self.entries((keys, np.ones(len(keys), np.float32)))
        mask = np.zeros(self.size, bool)
        mask[rows if value is None else rows[values == value]] = True
        return mask


_F32, _I32 = np.empty(0, np.float32), np.empty(0, np.int32)


def _stretches(lengths: np.ndarray) -> list[slice]:
    """Part rows so that each part but for a single long row has at most ``_MOST_ENTRIES``."""
    ends = np.cumsum(lengths)
    if not len(ends) or ends[-1] <= _MOST_ENTRIES:
        return [slice(None)]
    found, start = [], 0
    while start < len(lengths):
        before = int(ends[start - 1]) if start else 0
        end = int(np.searchsorted(ends, before + _MOST_ENTRIES, side="right"))
        found.append(slice(start, max(end, start + 1)))
        start = found[-1].stop
    return found


def _in_grains(values: np.ndarray) -> np.ndarray:
    """Return float32 values as whole grains where all are, else as they are."""
    grains = values / GRAIN
    whole = (grains >= 0.0) & (grains <= MOST_GRAINS) & (grains == np.rint(grains))
    return grains.astype(np.uint16) if whole.all() else values


def _plain(values: np.ndarray) -> np.ndarray:
    """Return values of either kind as float32."""
    return values if values.dtype == np.float32 else values * GRAIN


def narrow(numbers: np.ndarray) -> np.ndarray:
    """Return whole numbers from 0 on, any shape, in the smallest unsigned type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max())) if len(numbers) else np.uint8)


def sparse(features: dict[int, float]) -> Sparse:
    """Return a feature dictionary as (sorted keys, float32 values)."""
    keys = np.array(sorted(features), np.int64)
    return keys, np.array([features[item] for item in keys.tolist()], np.float32)
