"""A month in small: attention does not pile up, everybody gets a turn, twins are seen alike."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from matchmaker.matching.simulation.game import Order, play
from matchmaker.matching.simulation.market import Played, Setting, gini, make_world

# One process plays the months.
pytestmark = pytest.mark.xdist_group("simulation")

SMALL = Setting()


@cache
def played(by: Order) -> Played:
    return play(SMALL, by)


def test_gini_of_known_counts() -> None:
    assert gini(np.array([5, 5, 5])) == 0
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([1, 2, 3, 4])) == pytest.approx(0.25)
    assert gini(np.zeros(3)) == gini(np.empty(0)) == 0


def test_attention_does_not_pile_up_over_200_rounds() -> None:
    """The limits of popularity lock-in."""
    found = played("prices and turns")
    eligible = found.eligible
    assert gini(found.seen[eligible]) <= gini(found.seen_early[eligible]) + 0.05
    assert found.reached >= 0.95


def test_the_order_by_score_alone_does_pile_up() -> None:
    """The bench can fail: without correction most firms are seen by nobody."""
    found = played("score")
    assert found.reached < 0.3
    assert gini(found.seen[found.eligible]) > 0.85
    assert max(found.regret) == 0


def test_the_turns_that_there_are_reach_everybody() -> None:
    """The floor of the exposure module, list by list, where nobody leaves."""
    looked = Setting(asks=False)
    found, eligible = play(looked, "prices and turns"), make_world(looked).eligible
    floors = 2 * found.lists // eligible.sum(axis=0)
    assert floors.min() >= 1
    for funder, floor in enumerate(floors):
        assert found.seen[eligible[:, funder]].min() >= floor


def test_the_correction_costs_little_and_loses_no_matches() -> None:
    plain, corrected = played("score"), played("prices and turns")
    assert np.mean(corrected.regret) < 3
    assert corrected.matches >= 0.9 * plain.matches


def test_a_month_is_the_same_each_time() -> None:
    short = Setting(rounds=20)
    assert (play(short, "prices").seen == play(short, "prices").seen).all()
