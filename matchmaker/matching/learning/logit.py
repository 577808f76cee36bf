"""Conditional logit over choice sets: its loss, a non-negative fit, and the fit of both directions.

The chance that a row of a set is chosen is ``exp(z) / sum(exp(z))`` over the set (McFadden 1974), a
listwise ranking loss: what a whole set shares cancels, so only what tells candidates apart counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

_STEPS = 200
#: Greatest log of the sharpness of a choice: a tenth of a point then tells e to the power of two.
_SHARPEST = 7.6


@dataclass(frozen=True)
class Sets:
    """Features (rows, k) in sets: where sets start, each row's set, weights of chosen rows.

    A row stands for ``exp(offsets)`` rows like it: 1 unless a no makes it count for more.
    """

    features: np.ndarray
    starts: np.ndarray
    of_row: np.ndarray
    chosen: np.ndarray
    offsets: np.ndarray | float = 0.0

    @property
    def total(self) -> float:
        """Total weight of what was chosen."""
        return float(self.chosen.sum())

    def loss(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the mean negative log-likelihood of scores z (rows,), and its gradient in z."""
        z = z + self.offsets
        greatest = np.maximum.reduceat(z, self.starts)
        powers = np.exp(z - greatest[self.of_row])
        sums = np.add.reduceat(powers, self.starts)
        picked = np.add.reduceat(self.chosen, self.starts)
        loss = picked @ (greatest + np.log(sums)) - self.chosen @ z
        slope = powers * (picked / sums)[self.of_row] - self.chosen
        return float(loss) / self.total, slope / self.total


def fit_non_negative(sets: Sets, prior: np.ndarray, strength: float) -> np.ndarray:
    """Return coefficients >= 0 (k,) by penalised likelihood, pulled towards ``prior``.

    The penalty is ``strength * |b - prior|^2`` against the summed likelihood, so it fades as
    outcomes come in. Solved by L-BFGS-B; the problem is convex.
    """

    def objective(b: np.ndarray) -> tuple[float, np.ndarray]:
        loss, slope = sets.loss(sets.features @ b)
        away = b - prior
        pull = strength / sets.total
        return loss + pull * float(away @ away), sets.features.T @ slope + 2.0 * pull * away

    found = minimize(
        objective,
        prior,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * len(prior),
        options={"maxiter": _STEPS},
    )
    return np.asarray(found.x)


@dataclass(frozen=True)
class Shares:
    """Weights of one direction: what may move (logits), and the part that is held fixed."""

    start: np.ndarray
    fixed: np.ndarray
    allowed: np.ndarray

    def weights(self, logits: np.ndarray) -> np.ndarray:
        """Return weights (facets,) with sum 1: the fixed ones, the rest shared out by softmax."""
        powers = np.exp(logits - logits.max()) * self.allowed
        return self.fixed + (1.0 - self.fixed.sum()) * powers / max(powers.sum(), 1e-300)

    def slope(self, logits: np.ndarray, of_weights: np.ndarray) -> np.ndarray:
        """Return the gradient in the logits from that in the weights, both (facets,)."""
        moved = self.weights(logits) - self.fixed
        rest = 1.0 - self.fixed.sum()
        mean = moved @ of_weights / rest if rest else 0.0
        return moved * (of_weights - mean)


def fit_harmonic(
    by_need: Sets, by_offer: Sets, forward: Shares, backward: Shares
) -> tuple[np.ndarray, np.ndarray]:
    """Return forward and backward weights whose harmonic mean ranks both ways best.

    One score serves whoever asks, so both directions are fitted together: the loss is the sum of
    both listwise losses of ``t * H(f, b)``, with a sharpness t of its own for each. Features are
    facet values in [0, 1].
    """
    k = len(forward.start)

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        u, v = forward.weights(x[:k]), backward.weights(x[k : 2 * k])
        loss, slope_u, slope_v, slope_t = 0.0, np.zeros(k), np.zeros(k), np.zeros(2)
        for at, sets in enumerate((by_need, by_offer)):
            sharpness = float(np.exp(x[2 * k + at]))
            f, b = sets.features @ u, sets.features @ v
            both = f + b + 1e-12
            mean = 2.0 * f * b / both
            part, slope = sets.loss(sharpness * mean)
            loss += part
            slope_u += sets.features.T @ (slope * sharpness * 2.0 * (b / both) ** 2)
            slope_v += sets.features.T @ (slope * sharpness * 2.0 * (f / both) ** 2)
            slope_t[at] = float(slope @ mean) * sharpness
        slopes = [forward.slope(x[:k], slope_u), backward.slope(x[k : 2 * k], slope_v), slope_t]
        return loss, np.concatenate(slopes)

    x0 = np.concatenate([forward.start, backward.start, np.log([12.0, 10.0])])
    found = minimize(
        objective,
        x0,
        jac=True,
        method="L-BFGS-B",
        # Where points part the chosen from the others, no sharpness would be sharp enough.
        bounds=[(None, None)] * (2 * k) + [(0.0, _SHARPEST)] * 2,
        options={"maxiter": _STEPS},
    )
    return forward.weights(found.x[:k]), backward.weights(found.x[k : 2 * k])
