"""What rows have in common is kept once, and answers as if each row had its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching import columns, gate_kinds, scoring
from matchmaker.matching.encoding import encode
from matchmaker.matching.facets import FORMULAS, most_met
from matchmaker.matching.index import Index
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record
from matchmaker.matching.side import READ_BY, READ_OF, Pairing, Side
from tests.matching.markets import lender, markets, mill

MODEL = programme_model()
Market = tuple[list[NeedRecord], list[OfferRecord]]


def answers(index: Index, record: Record) -> tuple[object, ...]:
    found = index.top(record, near=9, count=("place", "sector"))
    standing = index.standing(record)
    points = sorted(zip(standing.ids.tolist(), standing.points.tolist(), strict=True))
    return (found, found.matches, found.near, found.by_one, points)


@pytest.mark.slow
@given(markets())
def test_rows_that_are_alike_answer_as_each_alone(market: Market) -> None:
    all_needs, all_offers = market
    apart = Index.of(all_needs, all_offers, MODEL)
    everywhere = patch.multiple(columns, FEW=0, _MOST_DIFFERENT=1.0)
    with everywhere, patch.object(gate_kinds, "_MOST_KINDS", 1.0):
        shared = Index.of(all_needs, all_offers, MODEL)
    assert not all_offers or shared._state.base["offer"].side.gate_kinds.of is not None
    for record in (*all_needs, *all_offers):
        assert answers(shared, record) == answers(apart, record)


@given(markets())
def test_of_large_pools_only_what_few_questions_ask_is_kept_for_all(market: Market) -> None:
    small, large = (Index.of(*market, MODEL) for _ in range(2))
    for record in (*market[0], *market[1]):
        with patch.object(scoring, "_FEW_ROWS", 0):
            found = large.top(record).best
        assert found == small.top(record).best
    for part in large._state.base.values():
        held = {name for name, kept in part.side.kept.items() if kept._held[1]}
        assert held <= {*scoring._FEW_SAID, "same"}


def test_who_tells_no_sector_is_answered_where_offers_name_many() -> None:
    """What is not told is one for all rows, what it may count at most is not."""
    divisions = [f"isic4:{code}" for code in (*range(10, 19), *range(20, 26))]
    offers = [
        lender(id=at, organisation_id=at, attrs={"sector": tuple(divisions[: 3 * (at % 5)])})
        for at in range(100, 200)
    ]
    told_nothing = mill(attrs={})
    assert len(Index.of([], offers, MODEL).top(told_nothing, n=20).matches) == 20


@given(st.lists(st.integers(-3, 9)), st.integers(-4, 10))
def test_rows_are_found_by_their_number(numbers: list[int], wanted: int) -> None:
    found = columns.Sorted.build(np.array(numbers, np.int64)).rows(wanted)
    assert sorted(found.tolist()) == [at for at, one in enumerate(numbers) if one == wanted]


class Listening(dict[str, Any]):
    """Columns that note which of them are asked for."""

    def __init__(self, columns: dict[str, Any], asked: set[str]) -> None:
        super().__init__(columns)
        self.asked = asked

    def get(self, name: str, default: object = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


@given(markets())
def test_a_facet_reads_no_column_but_those_that_its_rows_are_alike_in(market: Market) -> None:
    all_needs, all_offers = market
    for records, asking in ((all_needs, all_offers), (all_offers, all_needs)):
        side = Side.build([encode(record, MODEL) for record in records])
        asked: set[str] = set()
        numbers, features = Listening(side.numbers, asked), Listening(side.features, asked)
        heard = replace(side, numbers=numbers, features=features)
        for record in asking:
            pairing = Pairing(encode(record, MODEL), heard, isinstance(record, NeedRecord))
            for name in FORMULAS.keys() & READ_BY.keys():
                asked.clear()
                FORMULAS[name](pairing, MODEL.pool)
                most_met(name, pairing)
                assert asked <= {*READ_BY[name]}


@given(markets())
def test_of_who_asks_a_facet_reads_no_more_than_what_who_says_the_same_is_known_by(
    market: Market,
) -> None:
    all_needs, all_offers = market
    for records, asking in ((all_needs, all_offers), (all_offers, all_needs)):
        side = Side.build([encode(record, MODEL) for record in records])
        for record in asking:
            row = encode(record, MODEL)
            numbers: set[str] = set()
            features: set[str] = set()
            heard = replace(
                row,
                numbers=Listening(row.numbers, numbers),
                features=Listening(row.features, features),
            )
            pairing = Pairing(heard, side, isinstance(record, NeedRecord))
            for name, read in READ_OF.items():
                numbers.clear()
                features.clear()
                FORMULAS[name](pairing, MODEL.pool)
                assert numbers <= {*read.numbers}
                assert features <= {*read.features}
