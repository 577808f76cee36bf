"""Many arrays in one file: raw bytes, and a table of what lies where, checked before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

#: Where each array begins: a line of the processor's cache, so that no number lies across two.
_ALIGNED = 64
#: What may lie in a file: plain numbers, least byte first.
_TYPES = frozenset({"|b1", "|i1", "|u1", "<u2", "<i4", "<u4", "<f4", "<i8", "<u8", "<f8"})

#: Type, count and first byte of each array, by name.
Table = dict[str, tuple[str, int, int]]


def write_arrays(file: Path, arrays: Mapping[str, np.ndarray]) -> Table:
    """Write arrays of one dimension and return where each lies; ValueError for other types."""
    table: Table = {}
    with file.open("wb") as stream:
        for name, array in arrays.items():
            plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
            if plain.ndim != 1 or plain.dtype.str not in _TYPES:
                raise ValueError(f"{name} holds {plain.dtype} of {plain.ndim} dimensions")
            stream.write(bytes(-stream.tell() % _ALIGNED))
            table[name] = (plain.dtype.str, len(plain), stream.tell())
            stream.write(plain.data)
    return table


class Arrays:
    """The arrays of a file, mapped once and read-only; ValueError for what does not fit."""

    def __init__(self, file: Path, table: Mapping[str, Any]) -> None:
        # A plain view of a mapped file: np.memmap runs Python at each of thousands of slices.
        self._bytes = np.memmap(file, np.uint8, "r").view(np.ndarray)
        self._table = table

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._table:
            raise ValueError(f"{name} is not in the table")
        told, count, start = self._table[name]
        if told not in _TYPES:
            raise ValueError(f"{name} holds {told!r}")
        if type(count) is not int or type(start) is not int or count < 0 or start < 0:
            raise ValueError(f"{name} does not say where it lies")
        dtype = np.dtype(told)
        end = start + count * dtype.itemsize
        if start % dtype.itemsize or end > len(self._bytes):
            raise ValueError(f"{name} does not lie within the file")
        return self._bytes[start:end].view(dtype)
