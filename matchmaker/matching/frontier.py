"""Accuracy against coverage: orders of one matrix of scores that spread attention, each its way."""

from __future__ import annotations

import numpy as np

from matchmaker.matching.exposure import LIST

#: Shares of a partner's usual points that are taken off, and places of ten given in turn.
OFF, TURNS = (0.1, 0.2, 0.3, 0.5, 0.7), (1, 2)
#: Points that this share of needs do not give a partner are its usual ones.
_USUAL = 0.95
#: More than any points: the first places stand before the turns, and these before the rest.
_FIRST, _CALLED = 2000.0, 1000.0


def orders(scores: np.ndarray, *, seed: int = 7) -> dict[str, np.ndarray]:
    """Return scores that order as each rule does, float (needs, partners) like ``scores``.

    ``scores`` in [0, 100], -inf where a pair is not ranked. "less s": s times a partner's usual
    points are taken off, so who is liked by all must be liked more. "turns k": the last k of ten
    places go to those seen in the fewest top tens so far, as lists are opened in an order drawn by
    ``seed`` (``exposure.arrange``, over the whole list).
    """
    found = {f"less {share}": scores - share * _usual(scores) for share in OFF}
    return found | {f"turns {turns}": _turns(scores, turns, seed) for turns in TURNS}


def _usual(scores: np.ndarray) -> np.ndarray:
    """Return the points that one need in twenty gives each partner more than, (partners,)."""
    ranked = np.where(np.isfinite(scores), scores, 0.0)
    return np.quantile(ranked, _USUAL, axis=0) if len(scores) else np.zeros(scores.shape[1])


def _turns(scores: np.ndarray, turns: int, seed: int) -> np.ndarray:
    ordered, seen = scores.copy(), np.zeros(scores.shape[1], np.int64)
    for at in np.random.default_rng(seed).permutation(len(scores)).tolist():
        order = np.argsort(-scores[at], kind="stable")
        order = order[np.isfinite(scores[at, order])]
        first, behind = order[: LIST - turns], order[LIST - turns :]
        called = behind[np.argsort(seen[behind], kind="stable")][:turns]
        ordered[at, first] += _FIRST
        ordered[at, called] += _CALLED
        seen[np.concatenate([first, called])] += 1
    return ordered
