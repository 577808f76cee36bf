"""One side of the market as columns, and a query record held against it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan

import numpy as np

from matchmaker.matching import columns
from matchmaker.matching.columns import Alike, Bundle, Column, Family, Kept, Read, Sorted
from matchmaker.matching.encoding import Row
from matchmaker.matching.gate_kinds import GateKinds
from matchmaker.matching.postings import Sparse
from matchmaker.matching.rules import RuleColumns

KINDS = ("finance", "service")
NONE: Sparse = (np.empty(0, np.int64), np.empty(0, np.float32))
_UNKNOWN = np.array(nan)
#: Of a fact that somebody tells, one of these numbers is there.
TOLD = ("low:", "known:")


def _said_of(*attrs: str) -> tuple[str, ...]:
    spaces = ("k", "each", "taken", "attr", "lift")
    return ("lift", "trust", *(f"{space}:{attr}" for attr in attrs for space in spaces))


#: The numbers and features, of either side, that the formula of a facet reads: rows alike in these
#: have the same points before any query.
READ_BY = {
    "service": ("code", "purpose", "each:code", "each:purpose"),
    "sector": _said_of("sector"),
    "place": _said_of("place", "area"),
    "stage": _said_of("stage", "size", "legal_form"),
    "language": _said_of("language"),
    "impact": ("aims", *_said_of("impact", "ownership")),
    "evidence": ("asked", "evidence"),
    "ticket": (
        *("amount_low", "amount_high", "range_low", "range_high"),
        *("taken_amounts", "taken_mean", "taken_sd", "trust"),
    ),
    "price": ("amount_high", "price_low", "price_high"),
    "past": ("joint",),
    "activity": ("activity",),
    "freshness": ("freshness",),
}


READ_OF = {name: Read.of(read) for name, read in READ_BY.items()}
#: Answers for up to so many kinds of rows are kept: half a megabyte a facet and hundred of them.
FEW_KINDS = 512
#: Facets are put together as long as they have so many kinds together, or one row in so many.
_LEAST_JOINT, _JOINT = 256, 16
#: Points of whole pools, a byte each, that are kept for a facet in which most rows differ, and
#: answers at least: more than there are bands of amounts.
_MOST_KEPT, _LEAST_KEPT = 1 << 22, 32


@dataclass(frozen=True)
class Side:
    """Columns of n needs or n offers; every array has n entries or is a posting list over them."""

    ids: np.ndarray
    organisations: np.ndarray
    kinds: np.ndarray
    #: By which the texts are known again, int64.
    text_keys: np.ndarray
    numbers: dict[str, Column]
    features: dict[str, Family]
    rules: RuleColumns
    #: Who is alike in all that a facet, or a rule about a fact, reads.
    alike: dict[str, Alike]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def gate_kinds(self) -> GateKinds:
        """Rows that no gate tells apart: worked out when first asked for, then kept."""
        told = {name.partition(":")[2] for name in self.numbers if name.startswith(TOLD)}
        facts = {fact: self.alike[at] for fact in told if (at := f"fact:{fact}") in self.alike}
        deploying = self.numbers.get("deploying")
        read = [self.kinds] if deploying is None else [self.kinds, deploying.take() != 0.0]
        own = len(facts) < len(told) or len(self) < columns.FEW
        return GateKinds.build(self.rules, read, facts, own)

    @cached_property
    def kinds_of_gates(self) -> np.ndarray:
        """Which of ``KINDS`` the rows of each kind of ``gate_kinds`` are, (kinds,)."""
        return self.gate_kinds.gather(self.kinds)

    @cached_property
    def idle_of_gates(self) -> np.ndarray | None:
        """Which of them do not deploy, bool (kinds,); None if all do."""
        deploying = self.numbers.get("deploying")
        idle = None if deploying is None else deploying.take(self.gate_kinds.first) == 0.0
        return idle if idle is not None and idle.any() else None

    @cached_property
    def by_organisation(self) -> Sorted:
        """Rows by organisation: put in order once, then kept."""
        return Sorted.build(self.organisations)

    @cached_property
    def by_text(self) -> Sorted:
        """Rows by the key of their text."""
        return Sorted.build(self.text_keys)

    @cached_property
    def bundles(self) -> tuple[Bundle, ...]:
        """Facets in which rows are alike in few ways, put together."""
        few = {name: self.alike[name] for name in READ_BY if name in self.alike}
        few = {name: one for name, one in few.items() if len(one.first) <= FEW_KINDS}
        return columns.bundles(few, max(_LEAST_JOINT, len(self) // _JOINT))

    @cached_property
    def same(self) -> tuple[str, ...]:
        """Facets in which all rows are the same, or say nothing."""
        said = {*self.numbers, *self.features}
        kinds = {name: len(one.first) for name, one in self.alike.items()}
        return tuple(
            name
            for name, read in READ_BY.items()
            if len(self) and (kinds.get(name) == 1 or said.isdisjoint(read))
        )

    @cached_property
    def read_by_same(self) -> Read:
        """All that facets in which the rows are the same read."""
        return Read.of(dict.fromkeys(read for name in self.same for read in READ_BY[name]))

    @cached_property
    def kept(self) -> Mapping[str, Kept]:
        """Answers to other questions that said the same, by what was asked."""
        most = max(_LEAST_KEPT, _MOST_KEPT // max(len(self), 1))
        return {name: Kept(most) for name in READ_BY} | {"same": Kept()}

    def number(self, name: str) -> np.ndarray:
        """Return a column by name, NaN where no row has it, float64 (n,)."""
        return self.numbers[name].take() if name in self.numbers else np.full(len(self), nan)

    def having(
        self,
        family: str,
        keys: np.ndarray,
        value: float | None = None,
        among: np.ndarray | None = None,
    ) -> np.ndarray:
        """Return which rows have any of the keys (with exactly ``value`` if given), bool (n,).

        ``among``: only these rows, None for all.
        """
        features = self.features.get(family)
        if features is None:
            return np.zeros(len(self) if among is None else len(among), bool)
        return features.having(keys, value, among)

    @classmethod
    def build(cls, rows: Sequence[Row]) -> Side:
        """Return the columns of encoded rows, in their order; no rows give empty columns."""
        names = sorted({name for row in rows for name in row.numbers})
        families = sorted({family for row in rows for family in row.features})
        numbers = {
            name: Column.build(np.array([row.numbers.get(name, nan) for row in rows], np.float64))
            for name in names
        }
        features = {
            family: Family.build([row.features.get(family, NONE) for row in rows])
            for family in families
        }
        return cls(
            ids=np.array([row.id for row in rows], np.int64),
            organisations=np.array([row.organisation_id for row in rows], np.int64),
            kinds=np.array([KINDS.index(row.kind) for row in rows], np.int8),
            text_keys=np.array([row.text_key for row in rows], np.int64),
            numbers=numbers,
            features=features,
            rules=RuleColumns.build([row.rules for row in rows]),
            alike=_alike(numbers, features) if len(rows) >= columns.FEW else {},
        )


def _alike(numbers: dict[str, Column], features: dict[str, Family]) -> dict[str, Alike]:
    """Return who is alike, by facet and by fact, where that is many."""
    told = {name.partition(":")[2] for name in numbers if name.startswith(TOLD)}
    read = READ_BY | {f"fact:{fact}": _told_of(fact) for fact in told}
    found: dict[str, Alike] = {}
    for what, names in read.items():
        parts: list[Column | Family] = [numbers[name] for name in names if name in numbers]
        parts += [features[name] for name in names if name in features]
        kinds = Alike.build(parts) if parts else None
        if kinds is not None:
            found[what] = kinds
    return found


def _told_of(fact: str) -> tuple[str, ...]:
    return f"low:{fact}", f"high:{fact}", f"known:{fact}", f"fact:{fact}"


@dataclass(frozen=True)
class Pairing:
    """A query row held against all rows of the other side: formulas are written once for both ways.

    ``need(name)`` and ``offer(name)`` give a number of that side, a scalar array for the query (and
    for what nobody in the pool says), shape (n,) for the pool, so expressions broadcast to (n,).
    """

    query: Row
    pool: Side
    #: True if the query is the need and the pool holds offers.
    asks: bool
    #: The rows of the pool that are looked at, None for all; ``(n,)`` means as many as these.
    among: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.pool) if self.among is None else len(self.among)

    def of(self, rows: np.ndarray) -> Pairing:
        """Return the pairing with only these rows of the pool, int (n,)."""
        return replace(self, among=rows)

    def _column(self, name: str) -> np.ndarray:
        column = self.pool.numbers.get(name)
        return _UNKNOWN if column is None else column.take(self.among)

    def _scalar(self, name: str) -> np.ndarray:
        return np.array(self.query.numbers.get(name, nan))

    def need(self, name: str) -> np.ndarray:
        """Return a number of the need's side, shape () or (n,)."""
        return self._scalar(name) if self.asks else self._column(name)

    def offer(self, name: str) -> np.ndarray:
        """Return a number of the offer's side, shape () or (n,)."""
        return self._column(name) if self.asks else self._scalar(name)

    def said(self, read: Read) -> Hashable:
        """Return all that the query says under some names, to know again who says the same."""
        features = self.query.features
        codes: list[str | bytes] = []
        for name in read.features:
            if name in features:
                keys, values = features[name]
                codes += name, keys.tobytes(), values.tobytes()
        return (self.query.kind, *map(self.query.numbers.get, read.numbers), *codes)

    def speak(self, attr: str) -> bool:
        """Return whether both sides say anything about an attribute; False saves the work."""
        query, pool = self.query.features, self.pool.features
        needs, offers = (query, pool) if self.asks else (pool, query)
        own = f"attr:{attr}"
        return own in needs and (own in offers or f"lift:{attr}" in offers)

    def _both(self, need_family: str, offer_family: str) -> tuple[Family | None, Sparse]:
        mine, theirs = (need_family, offer_family) if self.asks else (offer_family, need_family)
        return self.pool.features.get(theirs), self.query.features.get(mine, NONE)

    def dot(self, need_family: str, offer_family: str) -> np.ndarray:
        """Return sums of products over shared features, shape (n,)."""
        features, query = self._both(need_family, offer_family)
        return features.dot(query, self.among) if features else np.zeros(len(self))

    def greatest(self, need_family: str, offer_family: str) -> np.ndarray:
        """Return the greatest product over shared features, 0 if none is shared, shape (n,)."""
        features, query = self._both(need_family, offer_family)
        return features.greatest(query, self.among) if features else np.zeros(len(self))
