"""The yardstick of learning: facets standardised in each query, beside the engine in tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matchmaker.matching.backtest import FORWARD, REVERSE, backtest, run
from matchmaker.matching.yardstick import BY_NEED, BY_OFFER, LOGISTIC, Yardstick, standardised
from tests.matching.folders import make


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sets") / "small")


@pytest.mark.slow
def test_it_stands_in_the_table_with_history_and_not_without(folder: Path) -> None:
    lines = {(line.method, line.direction): line for line in run(folder).lines}
    for direction in (FORWARD, REVERSE):
        engine, logistic = lines["engine", direction], lines[LOGISTIC, direction]
        assert logistic.queries == engine.queries
        assert logistic.ahead is not None
        # The made market is plain: place and amount tell who meets whom, and both see it.
        assert logistic.measures["nDCG@10"].mean > lines["activity", direction].measures[
            "nDCG@10"
        ].mean  # fmt: skip
    assert f"{LOGISTIC:<9} nDCG@10" in backtest(folder)
    assert LOGISTIC not in backtest(folder, history=False)


def test_a_query_standardises_its_own_candidates_and_unknown_is_the_mean() -> None:
    facet = np.array([[1.0, 3.0, np.nan], [5.0, 5.0, 5.0]])
    assert standardised(facet, BY_NEED).tolist() == [[-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    assert standardised(facet, BY_OFFER).tolist() == [[-1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]


def test_its_scores_depend_on_the_pool_which_is_why_it_is_not_served() -> None:
    yardstick = Yardstick(("text",), np.array([1.0]), np.array([1.0]))
    few, more = np.array([[0.1, 0.2]]), np.array([[0.1, 0.2, 0.9]])
    one, other = (yardstick.scores({"text": raw})[0] for raw in (few, more))
    assert one[0, 1] > 0 > other[0, 1]
