"""Measures against values worked out by hand and by scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from matchmaker.matching.metrics import (
    bootstrap,
    coverage,
    measures_of,
    paired,
    ranks_of,
    summary,
    wilson,
)


@given(st.lists(st.booleans(), min_size=2, max_size=40).filter(any), st.integers(0, 999))
def test_measures_agree_with_scikit_learn(relevant: list[bool], seed: int) -> None:
    random = np.random.default_rng(seed)
    wanted, scores = np.array(relevant), random.permutation(len(relevant)).astype(float)
    found = measures_of(ranks_of(scores, wanted, random), len(scores))
    assert found["nDCG@10"] == pytest.approx(ndcg_score([wanted], [scores], k=10))
    assert found["MAP"] == pytest.approx(average_precision_score(wanted, scores))
    if not wanted.all():
        assert found["AUC"] == pytest.approx(roc_auc_score(wanted, scores))


def test_measures_of_a_small_ranking_by_hand() -> None:
    found = measures_of(np.array([2, 12]), 60)
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 / math.log2(3)) / ideal)
    assert (found["recall@10"], found["recall@50"], found["MRR"]) == (0.5, 1.0, 0.5)
    assert found["MAP"] == pytest.approx((1 / 2 + 2 / 12) / 2)


def test_ties_fall_at_random_and_closed_pairs_are_not_ranked() -> None:
    scores = np.array([1.0, 1.0, 1.0, 1.0, -np.inf])
    wanted = np.array([True, False, False, False, True])
    drawn = [ranks_of(scores, wanted, np.random.default_rng(seed)).tolist() for seed in range(60)]
    assert {ranks[0] for ranks in drawn} == {1, 2, 3, 4}
    assert all(len(ranks) == 1 for ranks in drawn)


def test_bootstrap_surrounds_the_mean_and_is_repeatable() -> None:
    values = list(np.random.default_rng(5).random(200))
    estimate = bootstrap(values)
    assert estimate.low < estimate.mean < estimate.high
    assert estimate == bootstrap(values)
    assert math.isnan(bootstrap([]).mean)


def test_a_paired_difference_sees_what_single_intervals_hide() -> None:
    base = np.random.default_rng(6).random(200)
    difference = paired((base + 0.01).tolist(), base.tolist())
    assert difference.low == pytest.approx(0.01)


def test_coverage_is_the_share_that_reaches_some_list() -> None:
    assert coverage([[0, 1], [1, 2]], 6) == 0.5
    assert coverage([], 0) == 0.0


def test_a_summary_has_every_measure() -> None:
    query = measures_of(np.array([1]), 10)
    assert {name: est.mean for name, est in summary([query, query]).items()} == query


@pytest.mark.parametrize(("yes", "asked"), [(0, 7), (3, 7), (20, 20), (41, 130)])
def test_the_interval_of_a_share_agrees_with_scipy(yes: int, asked: int) -> None:
    found = binomtest(yes, asked).proportion_ci(method="wilson")
    assert wilson(yes, asked) == pytest.approx((found.low, found.high), abs=1e-6)


def test_without_trials_a_share_may_be_anything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
