"""Prices: the market clears, a place costs more the more want it, and big pools are no trouble."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from matchmaker.matching.prices import RESERVE, SCALE, PairKeeper, Pairs, prices


def drawn(seed: int, n: int, m: int) -> tuple[Pairs, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    needs, offers = np.nonzero(draw.random((n, m)) < 0.7)
    points = draw.uniform(20, 95, len(needs))
    return Pairs(needs, offers, points), draw.uniform(0.5, 4, n), draw.uniform(0.5, 9, m)


def pairs_expected(pairs: Pairs, wanted: np.ndarray, places: np.ndarray) -> np.ndarray:
    """mu_ij as the module's formula gives it from the prices of both sides."""
    found = prices(pairs, wanted, places, tolerance=1e-9)
    left = np.sqrt(wanted * np.exp(-found.needs / SCALE))
    free = np.sqrt(places * np.exp(-found.offers / SCALE))
    half = np.exp((pairs.points - RESERVE) / (2 * SCALE))
    dense = np.zeros((len(wanted), len(places)))
    dense[pairs.needs, pairs.offers] = left[pairs.needs] * free[pairs.offers] * half
    return dense


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 12))
def test_the_market_clears_on_both_sides(seed: int, n: int, m: int) -> None:
    pairs, wanted, places = drawn(seed, n, m)
    found = prices(pairs, wanted, places, tolerance=1e-9)
    expected = pairs_expected(pairs, wanted, places)
    left = wanted * np.exp(-found.needs / SCALE)
    free = places * np.exp(-found.offers / SCALE)
    np.testing.assert_allclose(expected.sum(axis=1) + left, wanted, rtol=1e-6)
    np.testing.assert_allclose(expected.sum(axis=0) + free, places, rtol=1e-6)
    assert found.expected == pytest.approx(expected.sum(), rel=1e-6)


def test_it_is_the_optimum_of_the_dual_of_galichon_and_salanie() -> None:
    """A general minimiser of the dual, run on both sides' prices, finds the same."""
    pairs, wanted, places = drawn(5, 6, 4)
    worth = np.full((6, 4), -np.inf)
    worth[pairs.needs, pairs.offers] = (pairs.points - RESERVE) / SCALE

    def dual(both: np.ndarray) -> float:
        u, v = both[:6], both[6:]
        outer = wanted @ (u + np.exp(-u)) + places @ (v + np.exp(-v))
        mass = np.sqrt(np.outer(wanted * np.exp(-u), places * np.exp(-v))) * np.exp(worth / 2)
        return float(outer + 2 * mass.sum())

    best = minimize(dual, np.ones(10), method="BFGS", options={"gtol": 1e-9})
    found = prices(pairs, wanted, places, tolerance=1e-9)
    np.testing.assert_allclose(found.needs, SCALE * best.x[:6], atol=1e-3)
    np.testing.assert_allclose(found.offers, SCALE * best.x[6:], atol=1e-3)


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_a_price_stays_within_its_bounds_and_falls_with_more_places(seed: int, m: int) -> None:
    pairs, wanted, places = drawn(seed, 15, m)
    found = prices(pairs, wanted, places, tolerance=1e-9)
    pull = np.zeros(m)
    half = np.exp((pairs.points - RESERVE) / (2 * SCALE))
    np.add.at(pull, pairs.offers, half * np.sqrt(wanted[pairs.needs]))
    most = 2 * SCALE * np.log((pull + np.sqrt(pull**2 + 4 * places)) / (2 * np.sqrt(places)))
    assert (found.offers >= 0).all()
    assert (found.offers <= most + 1e-6).all()
    more = places.copy()
    more[0] *= 2
    assert (prices(pairs, wanted, more, tolerance=1e-9).offers <= found.offers + 1e-6).all()


def test_twins_cost_the_same_and_the_contested_more() -> None:
    pairs = Pairs(
        np.array([0, 1, 2, 0, 1, 2, 2]), np.array([0, 0, 0, 1, 1, 1, 2]), np.full(7, 70.0)
    )
    found = prices(pairs, np.full(3, 1.0), np.full(3, 2.0))
    assert found.offers[0] == found.offers[1]
    assert found.offers[0] > found.offers[2] > 0
    assert found.needs[0] == found.needs[1]


def test_who_is_in_no_pair_costs_nothing_and_no_place_has_no_price() -> None:
    found = prices(Pairs(np.array([0, 0]), np.array([0, 2]), np.array([80.0, 80.0])),
                   np.ones(2), np.array([1.0, 1.0, 0.0]))  # fmt: skip
    assert found.needs[1] == found.offers[1] == 0
    assert found.offers[2] == np.inf
    nobody = prices(Pairs(*(np.empty(0, int),) * 2, np.empty(0)), np.empty(0), np.empty(0))
    assert (len(nobody.needs), nobody.expected) == (0, 0)


@pytest.mark.parametrize(
    ("wanted", "places", "scale"), [(0.0, 1.0, 4.0), (1.0, -1.0, 4.0), (1.0, 1.0, 0.0)]
)
def test_what_makes_no_market_is_refused(wanted: float, places: float, scale: float) -> None:
    pairs = Pairs(np.array([0]), np.array([0]), np.array([50.0]))
    with pytest.raises(ValueError, match="positive"):
        prices(pairs, np.array([wanted]), np.array([places]), scale=scale)


@given(st.integers(0, 10_000))
def test_the_best_pairs_of_either_side_are_kept_once(seed: int) -> None:
    points = np.random.default_rng(seed).uniform(0, 100, (12, 9))
    keeper = PairKeeper(12, best_of_need=2, best_of_offer=3)
    for offer in range(9):
        keeper.add(offer, np.arange(12), points[:, offer])
    kept = keeper.pairs()
    expected = {(at, int(to)) for at in range(12) for to in np.argsort(-points[at])[:2]}
    expected |= {(int(at), to) for to in range(9) for at in np.argsort(-points[:, to])[:3]}
    assert sorted(expected) == list(zip(kept.needs.tolist(), kept.offers.tolist(), strict=True))
    np.testing.assert_array_equal(kept.points, points[kept.needs, kept.offers])


def test_a_large_pool_takes_seconds() -> None:
    """20,000 needs and 300 offers; docs/matching.md has 100,000 and 1,000."""
    draw = np.random.default_rng(3)
    start = time.perf_counter()
    keeper = PairKeeper(20_000)
    for offer in range(300):
        needs = np.flatnonzero(draw.random(20_000) < 0.3)
        keeper.add(offer, needs, draw.uniform(20, 95, len(needs)))
    found = prices(keeper.pairs(), np.full(20_000, 3.0), np.full(300, 20.0))
    assert found.change <= 1e-4
    assert found.expected == pytest.approx(6000, rel=0.01)
    assert time.perf_counter() - start < 8
