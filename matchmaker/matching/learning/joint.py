"""Lifts of codes fitted together: what an offerer takes, each code counted beside all others.

Lifts of single codes count twice what two codes say together (a place and its postal code, a sector
and its trade). Fisher's linear discriminant (1936) does not: with the codes of a need as a vector x
of zeros and ones, mu its mean and S its covariance over all past matches, an offerer with n matches
of mean m_j has the log-odds

    (x - mu) . w_j,   w_j = (S + RIDGE I)^-1 (m_j - mu) n / (n + SHRINK)

up to a constant that the offerer's activity tells. The ridge (Di Pillo 1976; Friedman 1989,
regularised discriminant analysis) and the shrinkage towards the pool hold what few matches say low.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import linalg, sparse

from matchmaker.matching.encoding import joint_codes
from matchmaker.matching.records import NeedRecord

RIDGE, SHRINK = 0.03, 5.0
#: Codes that take part at most, the most frequent first, and weights held for all offers together.
MOST_CODES, MOST_WEIGHTS = 800, 2_000_000
#: An offerer's weights by code, and what they add up to for the mean need, to be taken off.
Joint = tuple[Mapping[str, float], float]
NOTHING: Joint = ({}, 0.0)


def joint_lifts(past: Mapping[int, Sequence[tuple[float, NeedRecord]]]) -> dict[int, Joint]:
    """Return the joint lifts of every offer with past matches, by offer id.

    ``past`` holds (weight > 0, need) by offer id. Weights are log-odds; a pair's joint lift is the
    sum over the codes of its need less the offer's base. No codes in the past: nothing is returned.
    """
    offers = [offer_id for offer_id, matches in past.items() if matches]
    matches = [(at, *one) for at, offer_id in enumerate(offers) for one in past[offer_id]]
    chosen = _most_frequent((need for _, _, need in matches), len(offers))
    if not chosen:
        return {}
    columns = {code: at for at, code in enumerate(chosen)}
    codes = _matrix([need for _, _, need in matches], columns)
    weights = np.array([weight for _, weight, _ in matches])
    whose = sparse.csr_array(
        (weights, ([at for at, _, _ in matches], range(len(matches)))),
        shape=(len(offers), len(matches)),
    )
    own = _weights(codes, weights, whose)
    mean = (weights @ codes) / weights.sum()
    return {
        offer_id: (dict(zip(chosen, row.tolist(), strict=True)), float(row @ mean))
        for offer_id, row in zip(offers, own, strict=True)
    }


def _most_frequent(needs: Iterable[NeedRecord], offers: int) -> list[str]:
    counts: Counter[str] = Counter()
    for need in needs:
        counts.update(joint_codes(need))
    most = min(MOST_CODES, MOST_WEIGHTS // max(offers, 1))
    # Among equally frequent ones the order is that of their names, whatever order needs came in.
    return sorted(counts, key=lambda code: (-counts[code], code))[:most]


def _matrix(needs: Sequence[NeedRecord], columns: Mapping[str, int]) -> sparse.csr_array:
    """Return which codes each need has, zeros and ones (needs, codes)."""
    found = [
        (at, columns[code])
        for at, need in enumerate(needs)
        for code in joint_codes(need)
        if code in columns
    ]
    rows, places = np.array(found).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(found)), (rows, places)), shape=(len(needs), len(columns)))


def _weights(codes: sparse.csr_array, weights: np.ndarray, whose: sparse.csr_array) -> np.ndarray:
    """Return w_j of every offer, (offers, codes)."""
    mean = (weights @ codes) / weights.sum()
    second = (codes.T @ (codes * weights[:, None])).toarray() / weights.sum()
    covariance = second - np.outer(mean, mean) + RIDGE * np.eye(len(mean))
    counts = np.asarray(whose.sum(axis=1))
    away = ((whose @ codes).toarray() - counts[:, None] * mean) / (counts[:, None] + SHRINK)
    return np.asarray(linalg.solve(covariance, away.T, assume_a="pos")).T
