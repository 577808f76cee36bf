"""What is compiled answers like numpy, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.matching import fast
from matchmaker.matching.index import Index, Ranking
from matchmaker.matching.postings import GRAIN, MOST_GRAINS, Postings, sparse
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from tests.matching import crowd
from tests.matching.markets import lender, markets, mill

# One process compiles the loops.
pytestmark = pytest.mark.xdist_group("fast")

MODEL = programme_model()


@pytest.fixture(scope="module", autouse=True)
def loops() -> None:
    assert fast.compiled() is not None, "the extra [dev] brings numba"


def answers(index: Index, records: list[NeedRecord | OfferRecord], least: int) -> list[Ranking]:
    with patch.object(fast, "FROM", least):
        return [index.top(record, near=5) for record in records]


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(markets(most=12))
def test_compiled_answers_are_those_of_numpy(
    market: tuple[list[NeedRecord], list[OfferRecord]],
) -> None:
    index, records = Index.of(*market, MODEL), [*market[0], *market[1]]
    assert answers(index, records, 0) == answers(index, records, 1 << 40)


def test_compiled_answers_are_those_of_numpy_where_rows_are_alike(tmp_path: Path) -> None:
    offers = [
        lender(id=at, organisation_id=2 + at % 7, text=f"loan {at % 31} rice", deploying=at % 3 > 0)
        for at in range(200)
    ]
    index = Index.build([mill()], offers, MODEL, tmp_path / "index")
    assert index._state.base["offer"].side.alike
    assert answers(index, [mill()], 0) == answers(index, [mill()], 1 << 40)


@pytest.mark.slow
@pytest.mark.parametrize("texts", [4_000, 800], ids=["texts of their own", "texts of others"])
def test_the_best_are_those_of_numpy_in_score_and_order(tmp_path: Path, texts: int) -> None:
    told = [offer.text for offer in crowd.offers()]
    offers = [
        replace(
            crowd.offers()[at % len(told)],
            id=at,
            organisation_id=10_000 + at,
            text=f"{told[at % len(told)]} {at % texts}" if at % 9 else "",
        )
        for at in range(4_000)
    ]
    index = Index.build(crowd.needs()[:40], offers, crowd.model(), tmp_path / "index")
    loops = fast.compiled()
    with patch.object(loops, "best_texts", wraps=loops.best_texts) as loop:
        for need in [*crowd.needs()[:40], replace(crowd.needs()[0], text="")]:
            for n in (1, 20, 5_000):
                ours = index.top(need, n=n, near=3, day=5)
                with patch.object(fast, "FROM", 1 << 40):
                    theirs = index.top(need, n=n, near=3, day=5)
                assert (ours.best, ours.nearest) == (theirs.best, theirs.nearest)
    assert loop.call_count > 100


#: No weight is minus nought, whose sign is lost where a sum begins with nought.
numbers = st.floats(-1e6, 1e6, width=32).map(lambda number: number + 0.0)
features = st.dictionaries(st.integers(0, 300), numbers, max_size=40)
grains = st.integers(1, int(MOST_GRAINS)).map(lambda many: many * float(GRAIN))
texts = st.dictionaries(st.integers(0, 300), grains, min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8), texts)
def test_whole_grains_take_two_bytes_and_their_sums_are_exact(
    rows: list[dict[int, float]], query: dict[int, float]
) -> None:
    postings = Postings.build([sparse(row) for row in rows])
    assert postings.row_values.dtype == np.uint16
    exact = [
        float(sum(Fraction(row.get(at, 0)) * Fraction(query[at]) for at in query)) for row in rows
    ]
    among = np.arange(len(rows))
    assert postings.dot(sparse(query)).tolist() == exact
    for least in (0, 1 << 40):
        with patch.object(fast, "FROM", least):
            assert postings.dot(sparse(query), among).tolist() == exact
    for at, row in enumerate(rows):
        assert dict(zip(*(part.tolist() for part in postings.row(at)), strict=True)) == row


@given(st.lists(st.integers(0, (1 << 63) - 1), max_size=60), st.integers(0, 1 << 62), st.data())
def test_weights_are_written_to_the_places_of_their_keys(
    found: list[int], near: int, data: st.DataObject
) -> None:
    keys = sorted({*found, *range(near, near + 5)})
    wanted = data.draw(st.lists(st.sampled_from([*keys, near + 7, 0, (1 << 63) - 1]), unique=True))
    query = sparse({at: float(place + 1) for place, at in enumerate(wanted)})
    postings = Postings.build([sparse(dict.fromkeys(keys, 0.5))])
    by_numpy = postings._by_place(query)
    with patch.object(fast, "FROM", 0):
        assert replace(postings)._by_place(query).tolist() == by_numpy.tolist()
    told = dict(zip(*(one.tolist() for one in query), strict=True))
    assert by_numpy.tolist() == [told.get(key, 0.0) for key in keys]


def test_rows_of_whole_grains_and_a_question_of_others_give_one_sum_to_the_bit() -> None:
    chance = np.random.default_rng(3)
    grains = chance.integers(1, MOST_GRAINS, (50, 300)).astype(np.float32) * GRAIN
    keys = np.arange(300)
    postings = Postings.build([(keys, row) for row in grains] + [sparse({})])
    assert postings.row_values.dtype == np.uint16
    query, among = (keys, chance.random(300).astype(np.float32)), np.arange(51)
    with patch.object(fast, "FROM", 0):
        compiled = postings.dot(query, among)
    assert postings.dot(query, among).tobytes() == compiled.tobytes()
    whole = keys, grains[0]
    with patch.object(fast, "FROM", 0):
        compiled = postings.dot(whole, among)
    assert postings.dot(whole, among).tobytes() == compiled.tobytes()
    assert postings.dot(whole, among[:50]).tobytes() == compiled[:50].tobytes()


def test_from_a_thousand_rows_on_loops_are_used() -> None:
    assert fast.loops_for(999) is None
    assert fast.loops_for(1000) is fast.compiled()


@settings(max_examples=60, deadline=None)
@given(st.lists(features, min_size=1, max_size=8), features, st.data())
def test_sums_of_products_are_equal_to_the_bit(
    rows: list[dict[int, float]], query: dict[int, float], data: st.DataObject
) -> None:
    postings = Postings.build([sparse(row) for row in rows])
    among = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1))), np.int64)
    with patch.object(fast, "FROM", 0):
        compiled = postings.dot(sparse(query), among)
    with patch.object(fast, "FROM", 1 << 40):
        assert postings.dot(sparse(query), among).tobytes() == compiled.tobytes()


def test_the_compiler_is_loaded_for_large_pools_only_and_before_they_are_asked() -> None:
    with patch.object(fast, "compiled", return_value=None) as loaded:
        index = Index.of([mill()], [lender()], MODEL)
        index.top(mill())
        assert loaded.call_count == 0
        with patch.object(fast, "FROM", 1):
            Index.of([mill()], [lender()], MODEL)
        assert loaded.call_count == 1


@pytest.mark.parametrize("error", [ModuleNotFoundError, ImportError, RuntimeError])
def test_where_the_extra_cannot_work_numpy_answers(error: type[Exception]) -> None:
    with patch.object(fast, "import_module", side_effect=error):
        assert fast.compiled.__wrapped__() is None
