"""What one place is worth when the whole pool wants some: prices of a matching market.

The market is that of Choo & Siow (2006, "Who marries whom and why", J. Political Economy 114):
needs ``i`` want ``n_i`` answers, offers ``j`` have ``m_j`` places, a pair is worth
``phi_ij = (score_ij - RESERVE) / scale`` and tastes that nobody sees are logistic. In its one
equilibrium the expected number of pairs is

    mu_ij = sqrt(mu_i0 mu_0j) exp(phi_ij / 2)
    sum_j mu_ij + mu_i0 = n_i,   sum_i mu_ij + mu_0j = m_j

with ``mu_i0`` and ``mu_0j`` left over. With ``a_i = sqrt(mu_i0)``, ``b_j = sqrt(mu_0j)`` each row
and each column is one quadratic equation, solved in turn: iterative proportional fitting (Galichon
& Salanié 2022, "Cupid's invisible hand", Rev. Economic Studies 89, section 4). Each step minimises
a strictly convex function exactly in half of its variables, so it converges from any start to the
one solution.

The price of a place is ``V_j = -scale log(mu_0j / m_j)`` points: what one more place would be
worth. Listing offers by ``score - V_j`` lists them by expected pairs for each place they have
(reciprocal ranking under transferable utility: Tomita et al. 2022, RecSys).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

#: Points that make a pair e times as likely, and points at which a pair is worth no trouble.
SCALE, RESERVE = 4.0, 50.0
#: Pairs that are priced: so many best offers of each need and best needs of each offer.
BEST_OF_NEED, BEST_OF_OFFER = 20, 200
TOLERANCE, MOST_ROUNDS = 1e-4, 500


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs that may come about; rows of needs and of offers, int (p,), points, float (p,)."""

    needs: np.ndarray
    offers: np.ndarray
    points: np.ndarray


@dataclass(frozen=True, slots=True)
class Prices:
    """Points a place is worth: ``needs`` (n,) and ``offers`` (m,), each in [0, inf]."""

    needs: np.ndarray
    offers: np.ndarray
    #: Expected pairs of the market, at most ``min(sum(wanted), sum(places))``.
    expected: float
    #: Rounds it took, and by how many points a price moved at most in the last.
    rounds: int
    change: float


def prices(
    pairs: Pairs,
    wanted: np.ndarray,
    places: np.ndarray,
    *,
    scale: float = SCALE,
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Prices:
    """Return the prices of a pool; see the module for formulas, source and convergence.

    ``wanted`` float (n,), answers that each need wants, > 0. ``places`` float (m,), >= 0; where it
    is 0 the price is inf. A pair is listed once; who is in no pair costs 0. A price lies between 0
    and ``2 scale log((s + sqrt(s^2 + 4 m)) / (2 sqrt(m)))`` with ``s = sum_i exp(phi_ij / 2)
    sqrt(n_i)``, what it would be if nobody had an answer yet. It ends when no price moves by more
    than ``tolerance`` points, or after ``most_rounds`` (``change`` then tells by how much).
    ValueError for a negative capacity or a scale that is not positive.
    """
    if scale <= 0 or (wanted <= 0).any() or (places < 0).any():
        raise ValueError("scale and answers wanted are positive, places are not negative")
    weights = np.exp((pairs.points - RESERVE) / (2.0 * scale))
    kernel = sparse.csr_array(
        (weights, (pairs.needs, pairs.offers)), shape=(len(wanted), len(places))
    )
    turned = kernel.T.tocsr()
    free, left = np.sqrt(places.astype(float)), np.sqrt(wanted.astype(float))
    change, rounds = np.inf, 0
    while change > tolerance and rounds < most_rounds:
        left = _left_over(kernel @ free, wanted)
        before, free = free, _left_over(turned @ left, places)
        change = _farthest(before, free, scale)
        rounds += 1
    return Prices(
        needs=_points(left, wanted, scale),
        offers=_points(free, places, scale),
        expected=float((places - free**2).sum()),
        rounds=rounds,
        change=change,
    )


def _farthest(before: np.ndarray, after: np.ndarray, scale: float) -> float:
    """Return by how many points the price that moved most has moved."""
    open_ = after > 0
    moved = np.abs(np.log(after[open_] / before[open_]))
    return float(2.0 * scale * moved.max(initial=0.0))


def _left_over(pull: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Return the root x >= 0 of ``x^2 + pull x = capacity``, without the loss of a difference."""
    half = pull / 2.0
    below = np.sqrt(capacity + half**2) + half
    return np.divide(capacity, below, out=np.zeros(len(half)), where=below > 0)


def _points(left: np.ndarray, capacity: np.ndarray, scale: float) -> np.ndarray:
    share = np.divide(left**2, capacity, out=np.zeros(len(left)), where=capacity > 0)
    with np.errstate(divide="ignore"):
        return np.maximum(-scale * np.log(share), 0.0)


class PairKeeper:
    """Keeps the best pairs of a pool while it is scored offer by offer; memory grows with needs."""

    def __init__(
        self, needs: int, best_of_need: int = BEST_OF_NEED, best_of_offer: int = BEST_OF_OFFER
    ) -> None:
        self._points = np.full((needs, best_of_need), -np.inf)
        self._offers = np.full((needs, best_of_need), -1, np.int64)
        #: Where each need keeps its worst pair.
        self._worst = np.zeros(needs, np.int64)
        self._best_of_offer = best_of_offer
        self._kept: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, offer: int, needs: np.ndarray, points: np.ndarray) -> None:
        """Take in one offer's pairs: rows of needs, int (k,) each once, and points (k,)."""
        better = points > self._points[needs, self._worst[needs]]
        rows, values = needs[better], points[better]
        self._points[rows, self._worst[rows]] = values
        self._offers[rows, self._worst[rows]] = offer
        self._worst[rows] = self._points[rows].argmin(axis=1)
        n = min(self._best_of_offer, len(points))
        best = np.argpartition(-points, n - 1)[:n] if n else np.empty(0, np.int64)
        self._kept.append((needs[best], np.full(n, offer, np.int64), points[best]))

    def pairs(self) -> Pairs:
        """Return what was kept from either side, each pair once."""
        rows, at = np.nonzero(self._offers >= 0)
        kept = [*self._kept, (rows, self._offers[rows, at], self._points[rows, at])]
        needs, offers, points = (np.concatenate(parts) for parts in zip(*kept, strict=True))
        first = np.unique(needs * (offers.max(initial=0) + 1) + offers, return_index=True)[1]
        return Pairs(needs[first], offers[first], points[first])
