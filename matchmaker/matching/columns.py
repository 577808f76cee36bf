"""Columns of a side: what rows have in common is kept once, and worked out once a question."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from matchmaker.matching.fast import loops_for
from matchmaker.matching.postings import Postings, Sparse, narrow

#: Families of features begin so, or are among those of whose name there is a number too.
_SPACES = ("attr:", "lift:", "fact:")
_BOTH = ("code", "purpose", "evidence", "aims", "joint")
#: Fewer rows are kept as they are.
FEW = 64
#: Up to so many places are compared with one by one.
_COMPARED = 8
#: What is different in more than this share of the rows is kept as it is.
_MOST_DIFFERENT = 0.25
#: Numbers that are kept of a facet for joint kinds, and answers at least.
_MOST_KEPT, _LEAST_KEPT = 1 << 18, 8
#: Numbers of which one in so many is there are ranked without sorting them.
_MOST_GAPS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A number of each of n rows, NaN where it has none."""

    #: Float64: one a row, or each different number once.
    values: np.ndarray
    #: Which of the values each row has, unsigned (n,); None if ``values`` are those of the rows.
    of: np.ndarray | None = None

    @classmethod
    def build(cls, numbers: np.ndarray) -> Column:
        """Return a column of float64 (n,)."""
        if len(numbers) < FEW:
            return cls(numbers)
        values, of = np.unique(numbers, return_inverse=True)
        return cls(numbers) if _too_many(len(values), len(of)) else cls(values, _of(of))

    def take(self, among: np.ndarray | None = None) -> np.ndarray:
        """Return the numbers of all rows or of those ``among``, float64."""
        if self.of is None:
            return self.values if among is None else self.values[among]
        return self.values.take(self.of if among is None else self.of.take(among))


def spread(passes: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return ``passes[of]`` for few different ``passes``, bool (n,): by far the most are.

    Comparing all bytes of ``of`` with one number takes a fortieth of looking each of them up.
    """
    for wanted in (True, False):
        places = np.flatnonzero(passes == wanted).tolist()
        if len(places) <= _COMPARED:
            mask = np.zeros(len(of), bool)
            for place in places:
                mask |= of == place
            return mask if wanted else ~mask
    return np.asarray(passes.take(of))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Whole numbers of n rows, to find the rows that have one without a look at all."""

    numbers: np.ndarray
    #: Rows by rising number, int32 (n,).
    order: np.ndarray

    @classmethod
    def build(cls, numbers: np.ndarray) -> Sorted:
        """Put rows in order of whole numbers, (n,)."""
        return cls(numbers, np.argsort(numbers).astype(np.int32))

    def rows(self, number: int) -> np.ndarray:
        """Return the rows that have a number, int32 (m,), in no order."""
        loops = loops_for(len(self.order))
        if loops is not None:
            return self.order[slice(*loops.span_of(self.numbers, self.order, number))]
        of = self.numbers.__getitem__
        start = bisect_left(self.order, number, key=of)
        return self.order[start : bisect_right(self.order, number, start, key=of)]


class Read(NamedTuple):
    """What is read of a record: names under which it may tell numbers, and features."""

    numbers: tuple[str, ...]
    features: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Read:
        """Part names; some are of a number and of features."""
        every = tuple(names)
        return cls(
            tuple(name for name in every if not name.startswith(_SPACES)),
            tuple(name for name in every if name.startswith(_SPACES) or name in _BOTH),
        )


class Kept:
    """What was worked out for the kinds of rows, by what a question says of itself.

    Forgotten as a whole when it is much, or when it is asked for under another model.
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        #: The model with its answers, replaced as one: threads share them.
        self._held: tuple[object, dict[Hashable, Any]] = (None, {})

    def get(self, model: object, said: Hashable, work_out: Callable[[], Any]) -> Any:
        """Return what was kept under ``said``, or work it out and keep it."""
        owner, answers = self._held
        if owner is not model or len(answers) >= self._most:
            answers = {}
            self._held = (model, answers)
        found = answers.get(said)
        if found is None:
            found = answers[said] = work_out()
        return found


@dataclass(frozen=True, slots=True)
class Family:
    """Features of one kind of each of n rows."""

    #: Of every row, or each different set of features once.
    sets: Postings
    #: Which of the sets each row has, unsigned (n,); None if ``sets`` are those of the rows.
    of: np.ndarray | None = None

    @classmethod
    def build(cls, features: Sequence[Sparse]) -> Family:
        """Return the features of rows given as (sorted keys, values), one pair a row."""
        if len(features) < FEW:
            return cls(Postings.build(features))
        places: dict[bytes, int] = {}
        first: list[Sparse] = []
        # Most sets are kept ones, by far fewer than rows: they are looked at once.
        seen: dict[int, int] = {}
        for one in features:
            if id(one) in seen:
                continue
            keys, values = one
            place = places.setdefault(keys.tobytes() + values.tobytes(), len(first))
            seen[id(one)] = place
            if place == len(first):
                first.append(one)
                if _too_many(len(first), len(features)):
                    return cls(Postings.build(features))
        of = np.array([seen[id(one)] for one in features], np.int64)
        return cls(Postings.build(first), _of(of))

    def row(self, at: int) -> Sparse:
        """Return the features of a row as (sorted keys, values)."""
        return self.sets.row(at if self.of is None else int(self.of[at]))

    def dot(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the sum of products with the query of all rows or of those ``among``, float64."""
        if self.of is None:
            return self.sets.dot(query, among)
        of = self.of if among is None else self.of[among]
        return self.sets.dot(query)[of] if self._fewer(of) else self.sets.dot(query, of)

    def greatest(self, query: Sparse, among: np.ndarray | None = None) -> np.ndarray:
        """Return the greatest product with the query, 0 without any, float64; shape as ``dot``."""
        if self.of is None:
            return self.sets.greatest(query, among)
        of = self.of if among is None else self.of[among]
        return self.sets.greatest(query)[of] if self._fewer(of) else self.sets.greatest(query, of)

    def _fewer(self, of: np.ndarray) -> bool:
        return self.sets.size <= 2 * len(of) + FEW

    def having(
        self, keys: np.ndarray, value: float | None = None, among: np.ndarray | None = None
    ) -> np.ndarray:
        """Return which rows have any of the keys (with exactly ``value`` if given), bool (n,)."""
        mask = self.sets.having(keys, value)
        if self.of is not None:
            return mask[self.of if among is None else self.of[among]]
        return mask if among is None else mask[among]

    def counts(self, mask: np.ndarray) -> dict[int, int]:
        """Count the rows of a mask by each key that they have with a value of exactly 1."""
        sets, listed = self.sets, self.sets.by_key
        if not len(listed.rows):
            return {}
        of = np.flatnonzero(mask) if self.of is None else self.of[mask]
        rows = np.bincount(of, minlength=sets.size)
        hits = np.where(listed.values == 1.0, rows[listed.rows], 0)
        totals = np.add.reduceat(hits, listed.starts[:-1])
        return dict(zip(sets.keys.tolist(), totals.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Alike:
    """Which rows are alike in several columns: formulas are worked out for one of each kind."""

    #: Kind of each row, unsigned (n,), and a row of each kind, int64 (kinds,).
    of: np.ndarray
    first: np.ndarray
    kept: Kept = field(default_factory=Kept, compare=False, repr=False)

    @classmethod
    def build(cls, columns: Sequence[Column | Family]) -> Alike | None:
        """Return who is alike in all of the columns (at least one); None if most are not."""
        kinds = [column.of for column in columns if column.of is not None]
        if len(kinds) < len(columns):
            return None
        _, first, of = np.unique(joined(kinds), return_index=True, return_inverse=True)
        return None if _too_many(len(first), len(of)) else cls(_of(of), first)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several of what rows are alike in, as one: looked up once a row for all of them."""

    #: Joint kind of each row, unsigned (n,), and for each member its kind of each joint kind.
    of: np.ndarray
    members: dict[str, np.ndarray]
    #: What was worked out for joint kinds, by member.
    kept: dict[str, Kept] = field(compare=False, repr=False)


def bundles(alike: Mapping[str, Alike], most: int) -> tuple[Bundle, ...]:
    """Put together what rows are alike in, with at most ``most`` joint kinds unless one has more.

    Members of one kind only are left out.
    """
    several = {name: one for name, one in alike.items() if len(one.first) > 1}
    found: list[Bundle] = []
    names: list[str] = []
    for name in sorted(several, key=lambda one: (len(several[one].first), one)):
        names.append(name)
        wider = joined([several[one].of for one in names])
        if len(names) > 1 and int(wider.max()) >= most:
            names = [name]
            wider = several[name].of
        else:
            found = found[:-1] if len(names) > 1 else found
        first = np.unique(wider, return_index=True)[1]
        members = {one: several[one].of.take(first) for one in names}
        kept = {one: Kept(max(_LEAST_KEPT, _MOST_KEPT // len(first))) for one in names}
        found.append(Bundle(narrow(wider), members, kept))
    return tuple(found)


def joined(kinds: Sequence[np.ndarray]) -> np.ndarray:
    """Return a number a row, from 0 on without gaps, int64 (n,): the same where all kinds are.

    ``kinds`` whole numbers from 0 on, each (n,), at least one of them.
    """
    joint = np.zeros(len(kinds[0]), np.int64)
    for of in kinds:
        if len(of) and of.max():
            joint = _without_gaps(joint * (int(of.max()) + 1) + of)
    return joint


def _without_gaps(numbers: np.ndarray) -> np.ndarray:
    """Return the rank of each of some whole numbers among the different ones."""
    end = int(numbers.max()) + 1
    if end > _MOST_GAPS * len(numbers):
        return np.unique(numbers, return_inverse=True)[1]
    there = np.zeros(end, bool)
    there[numbers] = True
    return (np.cumsum(there) - 1).take(numbers)


def _too_many(different: int, n: int) -> bool:
    return different > n * _MOST_DIFFERENT


def _of(places: np.ndarray) -> np.ndarray:
    """Return the places in the smallest type, in one place of memory if they are all 0."""
    return narrow(places) if places.any() else np.broadcast_to(np.uint8(0), places.shape)
