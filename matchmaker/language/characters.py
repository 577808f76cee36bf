"""Classes of characters that `re` cannot name, read from Python's own Unicode tables once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

# The planes with living scripts, and the variation selectors of plane 14.
_SCANNED = (range(0x80, 0x20000), range(0xE0100, 0xE01F0))


@cache
def marks() -> str:
    """Give the combining marks (Mn, Mc, Me) as the inside of a character class."""
    return _ranges(code for code in _codes() if unicodedata.category(chr(code))[0] == "M")


@cache
def stacking() -> re.Pattern[str]:
    """Match a character that decomposes into marks which normalisation must sort."""
    return re.compile(f"[{_ranges(code for code in _codes() if _sorted_mark(code))}]")


@cache
def digits() -> dict[int, str]:
    """Map every decimal digit of every script to its ASCII digit, for `str.translate`."""
    found = ((code, unicodedata.decimal(chr(code), None)) for code in _codes())
    return {code: str(value) for code, value in found if value is not None}


def _codes() -> Iterator[int]:
    return (code for codes in _SCANNED for code in codes)


def _sorted_mark(code: int) -> bool:
    parts = unicodedata.normalize("NFD", chr(code))
    return unicodedata.combining(parts[0]) > 0


def _ranges(codes: Iterable[int]) -> str:
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
