"""What the page prints of a match adds up, and says what speaks against it: over drawn pairs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask, get_template_attribute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.matching.match import Facet, Match
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.suggestions.words.sums import tables
from tests.matching.markets import lender, mill, needs, offers

pytestmark = [pytest.mark.once, pytest.mark.slow]

MODEL = programme_model()
pairs = st.sampled_from(["finance", "service"]).flatmap(
    lambda kind: st.tuples(needs(kind=kind), offers(kind=kind))
)
each_pair = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def printed(app: Flask, match: Match, side: Side) -> BeautifulSoup:
    with app.test_request_context("/"):
        arithmetic = get_template_attribute("components/arithmetic.html", "arithmetic")
        return BeautifulSoup(arithmetic(match.points, tables(match, side)), "html.parser")


def number(text: str) -> Decimal:
    return Decimal(re.sub(r"[×%,\s]", "", text))


@each_pair
@given(pair=pairs, side=st.sampled_from(list(Side)))
def test_the_printed_numbers_give_the_printed_score(
    app: Flask, pair: tuple[NeedRecord, OfferRecord], side: Side
) -> None:
    match = score_pair(*pair, MODEL)
    page = printed(app, match, side)
    sums = []
    for table in page.select("table"):
        rows = [[number(cell.get_text()) for cell in row("td")] for row in table.select("tbody tr")]
        assert all(well * weight / 100 == points for well, weight, points in rows)
        weight, total = (number(cell.get_text()) for cell in table.select("tfoot td.num"))
        assert sum(row[1] for row in rows) == weight == 100
        exact = sum((row[2] for row in rows), Decimal())
        assert exact.quantize(Decimal("0.1"), ROUND_HALF_UP) == total
        assert str(total) in table.select_one("caption").get_text()  # type: ignore[union-attr]
        sums.append(total)
    one, other = sums
    joined = 2 * one * other / (one + other) if one + other else Decimal()
    strong = page.select_one("strong")
    assert strong is not None
    assert number(strong.get_text()) == joined.quantize(Decimal(1), ROUND_HALF_UP)


@each_pair
@given(pair=pairs, side=st.sampled_from(list(Side)))
def test_what_speaks_against_a_pair_is_in_words_on_its_page(
    app: Flask, pair: tuple[NeedRecord, OfferRecord], side: Side
) -> None:
    match = score_pair(*pair, MODEL)
    with app.test_request_context("/"):
        _, cons = split_reasons(match.reasons, side)
    assert bool(cons) == any(reason.side == "against" for reason in match.reasons)


@pytest.mark.parametrize(
    ("points", "words"),
    [(25, "not known of one side: counted low"), (100, "of one side: most have this or more")],
)
def test_what_is_not_known_says_how_it_counts(app: Flask, points: int, words: str) -> None:
    match = score_pair(mill(), lender(), MODEL)
    stage = Facet("stage", points, 8, 8, known=False)
    with app.test_request_context("/"):
        [told] = tables(replace(match, facets=(stage,)), Side.NEED)[0].rows
    assert words in told.what
