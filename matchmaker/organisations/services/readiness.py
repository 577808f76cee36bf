"""The digital self-check: one answer a dimension, and the score they give."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.vocabulary.readiness import DIMENSIONS

#: "not yet", "a little", "mostly", "fully".
MOST = 3


def score(answers: Mapping[str, int]) -> int | None:
    """Give 0..100, or None while a dimension has no answer."""
    known = DIMENSIONS.codes()
    if any(code not in answers for code in known):
        return None
    return round(100 * sum(answers[code] for code in known) / (MOST * len(known)))
