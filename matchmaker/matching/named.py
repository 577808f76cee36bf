"""Codes that a record names as features, and what each counts where they are many."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from matchmaker.matching.codes import key, spread
from matchmaker.matching.postings import Sparse, sparse

#: So many codes of a kind count whole; whoever names more says less with each of them, so that
#: naming everything gains nothing. A section of industries counts as three of its divisions, of
#: which it holds four on average: a lender to two sections is not broad, one to eight is.
MOST_NAMED = {"code": 2, "purpose": 4}
_MOST_NAMED = 8
_SECTION = 3


def note_many(numbers: dict[str, float], space: str, codes: Collection[str]) -> None:
    """Put down what each of the codes named counts, in (0, 1), where they are many."""
    most = MOST_NAMED.get(space, _MOST_NAMED)
    if _SECTION * len(codes) <= most:
        return
    named = sum(_SECTION if _is_section(code) else 1 for code in codes)
    if named > most:
        numbers[f"each:{space}"] = most / named


def _is_section(code: str) -> bool:
    return code.startswith("isic4:") and code[-1].isalpha()


@lru_cache(maxsize=16_384)
def ones(space: str, codes: Collection[str]) -> Sparse:
    """Return a feature of 1 for each of the codes."""
    return sparse({key(space, code): 1.0 for code in codes})


@lru_cache(maxsize=16_384)
def spread_all(space: str, codes: tuple[str, ...]) -> Sparse:
    """Return the greatest nearness of every code near one of these."""
    near: dict[int, float] = {}
    for code in codes:
        for other, nearness in spread(code):
            at = key(space, other)
            near[at] = max(near.get(at, 0.0), nearness)
    return sparse(near)
