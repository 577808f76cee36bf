"""Compiled loops for all but small pools where ``[fast]`` is installed; the same to the bit."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Protocol, cast

import numpy as np

#: Rows of a side from which loops are used. They are quicker in smaller ones too, but by a tenth of
#: a millisecond a question: not worth the memory that the compiler takes in each worker.
FROM = 1_000


#: Texts in grains with a question: starts of the rows, places, values, its weights by place.
Entries = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class Loops(Protocol):
    """What is compiled (:mod:`matchmaker.matching.compiled`)."""

    def dot_rows(
        self,
        starts: np.ndarray,
        lengths: np.ndarray,
        places: np.ndarray,
        values: np.ndarray,
        by_place: np.ndarray,
    ) -> np.ndarray:
        """Return sums of ``values * by_place[places]`` over spans of entries, one a span."""
        ...

    def add_of_rows(
        self, total: np.ndarray, table: np.ndarray, of: np.ndarray, rows: np.ndarray
    ) -> None:
        """Add ``table[of[rows]]`` to ``total``, int64 (rows,), in place."""
        ...

    def best_texts(
        self,
        rows: np.ndarray,
        both: np.ndarray,
        factor: int,
        reach: tuple[float, float],
        n: int,
        slack: float,
        entries: Entries,
        scale: tuple[np.ndarray, int, int],
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Return which of ``rows`` may be among the best ``n``, their scores, the n-th score.

        The rows are those of the texts, ``both``, ``factor`` and ``reach`` as in ``index.best``;
        ``scale``: steps, first and unknown of a ``Scale``.
        """
        ...

    def count_of(self, counts: np.ndarray, chosen: np.ndarray) -> int:
        """Return the sum of ``counts``, int64 (n,), where ``chosen``, bool (n,)."""
        ...

    def rows_of(self, order: np.ndarray, starts: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Return the spans of ``order`` between ``starts``, int64 (n + 1,), that are ``chosen``."""
        ...

    def span_of(self, numbers: np.ndarray, order: np.ndarray, number: int) -> tuple[int, int]:
        """Return which part of ``order``, int32, in which ``numbers``, int64, rise, has one."""
        ...

    def spread_weights(
        self,
        keys: np.ndarray,
        first: np.ndarray,
        shift: int,
        wanted: np.ndarray,
        weights: np.ndarray,
        by_place: np.ndarray,
    ) -> None:
        """Write ``weights`` of ``wanted`` to ``by_place`` where ``keys`` have them.

        ``first``: where the keys begin that are alike before their last ``shift`` bits.
        """
        ...


@cache
def compiled() -> Loops | None:
    """Return the loops, None where the extra is not installed or cannot work.

    The first call of a process takes a second, of an installation several: they are compiled then
    and kept on disk. It is made where an index is opened or built, never while a pool is ranked.
    """
    try:
        return cast(Loops, import_module("matchmaker.matching.compiled"))
    except (ImportError, RuntimeError):
        # Not there, not for this numpy, or no folder where what is compiled may be kept.
        return None


def loops_for(rows: int) -> Loops | None:
    """Return the loops for a pool of so many rows, None where numpy answers."""
    return compiled() if rows >= FROM else None
