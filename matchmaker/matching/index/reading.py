"""Reading one side of a snapshot: arrays that are checked before they are used."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import read_magic

from matchmaker.matching.codes import key
from matchmaker.matching.columns import Alike, Column, Family
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.stored import Lines, StoredRecords
from matchmaker.matching.postings import Postings
from matchmaker.matching.rules import RULE_KINDS, RuleColumns
from matchmaker.matching.side import Side

#: Smaller arrays are read, not mapped: each mapping takes a file handle for as long as it lives.
_MAPPED = 1 << 16
_HEAD = re.compile(
    rb"\{'descr': '([<|][biuf][1248])', 'fortran_order': False, 'shape': \((\d{1,15}),\), \} *\n"
)


class _Arrays:
    """The arrays of one side, mapped read-only and checked: ValueError for what does not fit."""

    def __init__(self, folder: Path, name: str, files: Container[str]) -> None:
        self._folder, self._name, self._files = folder, name, files
        self.size = len(self.load("ids", "iu"))

    def load(self, name: str, kinds: str, size: int | None = None) -> np.ndarray:
        """Return an array of one dimension of some kinds of numbers, of a given size if any."""
        if not self.has(name):
            raise ValueError(f"{name} is not in the manifest")
        file = self._folder / f"{self._name}-{name}.npy"
        array = _array(file)
        if array.dtype.kind not in kinds:
            raise ValueError(f"{name} holds {array.dtype}")
        if size is not None and len(array) != size:
            raise ValueError(f"{name} has {len(array)} entries, not {size}")
        return array

    def has(self, name: str) -> bool:
        return f"{self._name}-{name}.npy" in self._files

    def of_rows(self, name: str, kinds: str) -> np.ndarray:
        return self.load(name, kinds, self.size)

    def places(self, name: str, end: int, size: int | None = None) -> np.ndarray:
        """Return unsigned numbers below ``end``."""
        array = self.load(name, "u", size)
        if len(array) and int(array.max()) >= end:
            raise ValueError(f"{name} points beyond {end}")
        return array

    def shared(self, name: str, different: int) -> np.ndarray | None:
        """Return which of the different values each row has, None if each has its own."""
        if self.has(f"{name}-of"):
            return self.places(f"{name}-of", different, self.size)
        if different == self.size:
            return None
        if different != 1:
            raise ValueError(f"{name} has {different} values for {self.size} rows")
        return np.broadcast_to(np.uint8(0), (self.size,))

    def postings(self, name: str, size: int | None = None) -> Postings:
        starts = self.load(f"{name}-row_starts", "u", None if size is None else size + 1)
        values = self.load(f"{name}-row_values", "f", int(starts[-1]))
        if starts[0] or (starts[1:] < starts[:-1]).any() or values.dtype != np.float32:
            raise ValueError(f"{name} is not a posting list")
        keys = self.load(f"{name}-keys", "i")
        if (keys[1:] <= keys[:-1]).any():
            raise ValueError(f"{name} has keys out of order")
        return Postings(keys, starts, self.places(f"{name}-places", len(keys), len(values)), values)


def _array(file: Path) -> np.ndarray:
    """Return the array of a .npy file as ``np.save`` writes one of one dimension.

    np.load has Python parse what heads the file, which CPython up to 3.12 may end with a
    SystemError when a database connection is collected meanwhile ("AST constructor recursion
    depth mismatch").
    """
    with file.open("rb") as stream:
        version = read_magic(stream)
        head = _HEAD.fullmatch(stream.read(int.from_bytes(stream.read(2), "little")))
        if version != (1, 0) or head is None:
            raise ValueError(f"{file.name} is not an array of one dimension")
        dtype, count, start = np.dtype(head[1].decode()), int(head[2]), stream.tell()
    size = file.stat().st_size
    if start + count * dtype.itemsize != size:
        raise ValueError(f"{file.name} is not as long as it says")
    if size < _MAPPED:
        return np.fromfile(file, dtype, count, offset=start)
    # A plain view of a mapped file: np.memmap runs Python at each of thousands of slices.
    return np.memmap(file, dtype, "r", start, (count,)).view(np.ndarray)


def read_part(folder: Path, name: str, files: Container[str], layout: dict[str, Any]) -> Part:
    """Return one side of a snapshot, arrays mapped read-only; ValueError if it is not sound.

    ``files``: those that the manifest vouches for; no other is read.
    """
    arrays = _Arrays(folder, name, files)
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


def _read_column(arrays: _Arrays, name: str) -> Column:
    values = arrays.load(name, "f")
    return Column(values, arrays.shared(name, len(values)))


def _read_family(arrays: _Arrays, name: str) -> Family:
    sets = arrays.postings(name)
    return Family(sets, arrays.shared(name, sets.size))


def _read_alike(arrays: _Arrays, name: str) -> Alike:
    first = arrays.load(name, "i")
    of = arrays.shared(name, len(first))
    if of is None or (len(first) and not 0 <= first.min() <= first.max() < arrays.size):
        raise ValueError(f"{name} does not tell who is alike")
    return Alike(of, first)


def _read_rules(arrays: _Arrays, names: tuple[str, ...]) -> RuleColumns:
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
