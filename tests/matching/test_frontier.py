"""Orders that spread attention: who moves, who does not, and what coverage they reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matchmaker.matching.backtest import FORWARD, run
from matchmaker.matching.frontier import OFF, TURNS, orders
from matchmaker.matching.metrics import coverage
from tests.matching.folders import make


def scores(needs: int = 60, partners: int = 80) -> np.ndarray:
    """Points in which a few partners are liked by all."""
    random = np.random.default_rng(5)
    liked = 60.0 * random.random(partners) ** 3
    drawn: np.ndarray = liked + 30.0 * random.random((needs, partners))
    return drawn


def tens(points: np.ndarray) -> list[list[int]]:
    return [np.argsort(-row, kind="stable")[:10].tolist() for row in points]


def covered(points: np.ndarray) -> float:
    return coverage(tens(points), points.shape[1])


def test_turns_keep_the_first_places_and_reach_nearly_all() -> None:
    plain = scores()
    found = orders(plain)
    for turns in TURNS:
        for before, after in zip(tens(plain), tens(found[f"turns {turns}"]), strict=True):
            assert after[: 10 - turns] == before[: 10 - turns]
    assert covered(plain) < 0.5
    assert covered(found["turns 2"]) > 0.95
    assert covered(plain) < covered(found["turns 1"]) <= covered(found["turns 2"])


def test_the_more_is_taken_off_the_more_partners_are_seen() -> None:
    found = orders(scores())
    seen = [covered(found[f"less {share}"]) for share in OFF]
    assert seen[0] >= covered(scores())
    assert seen == sorted(seen)
    assert seen[-1] > covered(scores()) + 0.2


def test_a_pair_that_is_not_ranked_stays_out() -> None:
    closed = scores(4, 5)
    closed[:, 3] = -np.inf
    for points in orders(closed).values():
        assert np.isneginf(points[:, 3]).all()
        assert np.isfinite(np.delete(points, 3, axis=1)).all()


def test_nobody_asking_is_nothing_to_order() -> None:
    assert all(points.shape == (0, 5) for points in orders(np.empty((0, 5))).values())


@pytest.mark.slow
@pytest.mark.parametrize("history", [True, False])
def test_a_backtest_shows_every_order_beside_the_plain_one(tmp_path: Path, history: bool) -> None:
    report = run(make(tmp_path / "set"), no_history=not history, frontier=True)
    told = [line.method for line in report.frontier]
    assert told == ["engine", *(f"less {share}" for share in OFF), "turns 1", "turns 2"]
    assert {line.direction for line in report.frontier} == {FORWARD}
    plain = next(line for line in report.lines if line.method == "engine")
    assert report.frontier[0].gains == plain.gains
    assert "turns 2" in report.table()
    assert not run(tmp_path / "set", no_history=True).frontier
