"""The bench times the engine beside its yardstick and its peers, on exact answers."""

from __future__ import annotations

import json

from matchmaker.matching.bench import EXPLAINED, RANKED, YARDSTICK, as_json, bench, table


def test_the_bench_times_all_in_turn_and_prints_table_and_json() -> None:
    [timing] = timings = bench((60,), rounds=1)
    names = ("NearestNeighbors", "SQLite FTS5", "PostgreSQL ts_rank", "bm25s", "tantivy")
    peers = {f"{name}, text" for name in names}
    assert timing.ms.keys() == {RANKED, EXPLAINED, YARDSTICK} | peers
    assert min(timing.ms.values()) > 0
    assert timing.recall == 1.0
    assert min(timing.build_s, timing.rebuild_s, timing.open_s) > 0
    [told] = json.loads(as_json(timings))
    assert told["times_faster"][YARDSTICK] == 1.0
    assert all(name in table(timings) for name in timing.ms)
