"""Reading one side of a snapshot: arrays that are checked before they are used."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.columns import Alike, Column, Family
from matchmaker.matching.index.arrays import Arrays
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.stored import Lines, StoredRecords
from matchmaker.matching.postings import Postings
from matchmaker.matching.rules import RULE_KINDS, RuleColumns
from matchmaker.matching.side import Side


class _SideArrays:
    """The arrays of one side, checked: ValueError for what does not fit."""

    def __init__(self, arrays: Arrays, side: str) -> None:
        self._arrays, self._side = arrays, side
        self.size = len(self.load("ids", "iu"))

    def load(self, name: str, kinds: str, size: int | None = None) -> np.ndarray:
        """Return an array of some kinds of numbers, (size,) if given; ValueError for others."""
        array = self._arrays[f"{self._side}-{name}"]
        if array.dtype.kind not in kinds:
            raise ValueError(f"{name} holds {array.dtype}")
        if size is not None and len(array) != size:
            raise ValueError(f"{name} has {len(array)} entries, not {size}")
        return array

    def has(self, name: str) -> bool:
        return f"{self._side}-{name}" in self._arrays

    def of_rows(self, name: str, kinds: str) -> np.ndarray:
        return self.load(name, kinds, self.size)

    def places(self, name: str, end: int, size: int | None = None) -> np.ndarray:
        """Return unsigned numbers below ``end``; ValueError if one is not."""
        array = self.load(name, "u", size)
        if len(array) and int(array.max()) >= end:
            raise ValueError(f"{name} points beyond {end}")
        return array

    def shared(self, name: str, different: int) -> np.ndarray | None:
        """Return which of the different values each row has, (rows,), None if each has its own.

        ValueError if there are fewer values than rows and nothing says which is whose.
        """
        if self.has(f"{name}-of"):
            return self.places(f"{name}-of", different, self.size)
        if different == self.size:
            return None
        if different != 1:
            raise ValueError(f"{name} has {different} values for {self.size} rows")
        return np.broadcast_to(np.uint8(0), (self.size,))

    def postings(self, name: str, size: int | None = None) -> Postings:
        """Return posting lists of ``size`` rows; ValueError for what is none, or out of order."""
        starts = self.load(f"{name}-row_starts", "u", None if size is None else size + 1)
        values = self.load(f"{name}-row_values", "fu", int(starts[-1]))
        known = values.dtype in (np.float32, np.uint16)
        if starts[0] or (starts[1:] < starts[:-1]).any() or not known:
            raise ValueError(f"{name} is not a posting list")
        keys = self.load(f"{name}-keys", "i")
        if (keys[1:] <= keys[:-1]).any():
            raise ValueError(f"{name} has keys out of order")
        return Postings(keys, starts, self.places(f"{name}-places", len(keys), len(values)), values)


def read_part(all_arrays: Arrays, name: str, layout: dict[str, Any]) -> Part:
    """Return one side of a snapshot; ValueError if it is not sound."""
    arrays = _SideArrays(all_arrays, name)
    side = Side(
        ids=arrays.of_rows("ids", "iu"),
        organisations=arrays.of_rows("organisations", "iu"),
        kinds=arrays.of_rows("kinds", "i"),
        text_keys=arrays.of_rows("text_keys", "i"),
        numbers={
            number: _read_column(arrays, f"number-{at}")
            for at, number in enumerate(layout["numbers"])
        },
        features={
            family: _read_family(arrays, f"feature-{at}")
            for at, family in enumerate(layout["features"])
        },
        rules=_read_rules(arrays, tuple(layout["rules"])),
        alike={what: _read_alike(arrays, f"alike-{at}") for at, what in enumerate(layout["alike"])},
    )
    lines = Lines(
        **{piece: arrays.load(f"lines-{piece}", "u") for piece in ("told", "sample", "starts")}
    )
    if len(lines) != len(side):
        raise ValueError(f"{len(lines)} records for {len(side)} rows")
    return Part(side, StoredRecords(lines), np.ones(len(side), bool), _keyed(layout["names"]))


def _read_column(arrays: _SideArrays, name: str) -> Column:
    values = arrays.load(name, "f")
    return Column(values, arrays.shared(name, len(values)))


def _read_family(arrays: _SideArrays, name: str) -> Family:
    sets = arrays.postings(name)
    return Family(sets, arrays.shared(name, sets.size))


def _read_alike(arrays: _SideArrays, name: str) -> Alike:
    first = arrays.load(name, "i")
    of = arrays.shared(name, len(first))
    if of is None or (len(first) and not 0 <= first.min() <= first.max() < arrays.size):
        raise ValueError(f"{name} does not tell who is alike")
    return Alike(of, first)


def _read_rules(arrays: _SideArrays, names: tuple[str, ...]) -> RuleColumns:
    tests = len(arrays.load("rule-fact", "i"))
    pieces = {
        "row": arrays.places("rule-row", arrays.size),
        "fact": arrays.load("rule-fact", "i"),
        "kind": arrays.load("rule-kind", "i", tests),
        "low": arrays.load("rule-low", "f", tests),
        "high": arrays.load("rule-high", "f", tests),
        "gates": arrays.load("rule-gates", "b", tests),
        "prefers": arrays.load("rule-prefers", "b", tests),
    }
    test = arrays.places("rule-test", tests, len(pieces["row"]))
    for piece, end in (("fact", len(names)), ("kind", len(RULE_KINDS))):
        if tests and not 0 <= pieces[piece].min() <= pieces[piece].max() < end:
            raise ValueError(f"rule-{piece} points beyond {end}")
    codes = arrays.postings("rule-codes", tests)
    return RuleColumns(**pieces, test=test, codes=codes, names=names, size=arrays.size)


def _keyed(names: dict[str, list[str]]) -> dict[str, dict[int, str]]:
    return {attr: {key(attr, code): code for code in codes} for attr, codes in names.items()}
