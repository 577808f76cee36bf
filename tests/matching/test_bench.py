"""The bench times the engine beside its yardstick and its peers, on exact answers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from matchmaker.matching.bench import EXPLAINED, RANKED, YARDSTICK, as_json, bench, table
from matchmaker.matching.bench_quality import Agreement, agreement, on_outcomes
from matchmaker.matching.benchmark_csv import BadFolder
from matchmaker.matching.index import Index
from matchmaker.matching.programme import programme_model
from tests.matching.folders import make
from tests.matching.markets import lender, mill

MODEL = programme_model()


@pytest.mark.slow
def test_the_bench_times_all_in_turn_and_prints_table_and_json() -> None:
    [timing] = timings = bench((60,), rounds=1)
    names = ("NearestNeighbors", "SQLite FTS5", "PostgreSQL ts_rank", "bm25s", "tantivy")
    peers = {f"{name}, text" for name in names}
    assert timing.ms.keys() == {RANKED, EXPLAINED, YARDSTICK} | peers
    assert timing.cold_ms.keys() == timing.ms.keys()
    assert min(*timing.ms.values(), *timing.cold_ms.values()) > 0
    assert (timing.agreement.recall, timing.agreement.ndcg) == (1.0, 1.0)
    assert min(timing.build_s, timing.rebuild_s, timing.open_s) > 0
    [told] = json.loads(as_json(timings))
    assert told["times_faster"][YARDSTICK] == told["times_faster_cold"][YARDSTICK] == 1.0
    assert all(name in table(timings) for name in timing.ms)
    assert "nDCG@10 1.000" in table(timings)
    larger = replace(timing, offers=120, ms={name: 2 * ms for name, ms in timing.ms.items()})
    assert f"2.0 times as many as 60: times {RANKED} 2.0" in table([timing, larger])


def test_answers_that_are_not_the_best_agree_less() -> None:
    """Of two that the index ranks by half of what they say, one is not where it belongs."""
    index = Index.of([mill()], [lender(), lender(id=2, organisation_id=3, attrs={})], MODEL)
    assert agreement(index, [mill()], 2) == Agreement(1.0, 1.0)
    true = index.standing(mill())
    turned = replace(true, points=true.points[::-1])
    with patch.object(Index, "standing", return_value=turned):
        found = agreement(index, [mill()], 1)
    assert found.recall == 0.0
    assert 0.0 < found.ndcg < 1.0


@pytest.mark.slow
def test_on_a_folder_the_timed_lists_are_worth_what_all_pairs_are(tmp_path: Path) -> None:
    found = on_outcomes(make(tmp_path / "small"))
    assert found.questions == 40
    assert found.ms > 0
    assert found.ndcg == found.exact
    # A ranking at random finds one of eight partners at .37 on average.
    assert 0.6 < found.ndcg.mean <= 1.0
    assert f"nDCG@10 on later matches {found.ndcg}" in found.told()


def test_a_folder_without_later_matches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="matches_test"):
        on_outcomes(make(tmp_path / "small", with_test=False))
