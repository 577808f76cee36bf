"""What `flask matches explain` prints is enough to work the score out again, by hand."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.told import arithmetic_of, raw_values
from tests.matching.markets import lender, mill, needs, offers

MODEL = programme_model()
pairs = st.sampled_from(["finance", "service"]).flatmap(
    lambda kind: st.tuples(needs(kind=kind), offers(kind=kind))
)
FACET = re.compile(
    r"^(?P<name>\w+) +(?P<raw>not known|\S+)  (?P<scale>lower quartile \d+|\S+ to \S+) +"
    r"(?P<points>\d+) +(?P<fw>\d+)% x \d+ = (?P<fp>\S+) +(?P<bw>\d+)% x \d+ = (?P<bp>\S+)$",
    re.M,
)


def points_by_scale(raw: str, scale: str) -> Decimal:
    """The points between the two printed knots, or those of what is not known."""
    if raw == "not known":
        return Decimal(scale.removeprefix("lower quartile "))
    ends = [tuple(map(Decimal, end.split("="))) for end in scale.split(" to ")]
    (low, under), (high, over) = ends
    at = min(max(Decimal(raw), low), high)
    return under + (over - under) * (at - low) / (high - low)


@given(pairs)
def test_the_score_follows_from_what_is_printed(pair: tuple[NeedRecord, OfferRecord]) -> None:
    told = arithmetic_of(*pair, MODEL)
    rows = [found.groupdict() for found in FACET.finditer(told)]
    assert [row["name"] for row in rows] == list(MODEL.facets(pair[0].kind))
    for row in rows:
        # Raw values and knots are printed to four figures and more: a point at most.
        assert abs(points_by_scale(row["raw"], row["scale"]) - int(row["points"])) <= 1
    totals = []
    for side, weight, product in (("forward", "fw", "fp"), ("backward", "bw", "bp")):
        assert sum(int(row[weight]) for row in rows) == 100
        exact = sum((Decimal(row[weight]) * int(row["points"]) / 100 for row in rows), Decimal())
        assert sum((Decimal(row[product]) for row in rows), Decimal()) == exact
        total = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert re.search(rf"^{side} = .* = {total}$|^{side} = 0 = {total}$", told, re.M)
        totals.append(total)
    both = sum(totals)
    score = 2 * totals[0] * totals[1] / both if both else Decimal()
    shown = re.search(r" = (\d+\.\d\d), shown as (\d+)$", told, re.M)
    assert shown is not None
    assert abs(Decimal(shown[1]) - score) <= Decimal("0.0051")
    assert int(shown[2]) == score_pair(*pair, MODEL).points


def test_rules_reasons_and_levers_stand_below_it() -> None:
    rules = (
        Criterion("amount_usd", "at_most", (10_000,), must=True),
        Criterion("accounts_2y", "has", must=True),
        Criterion("women_share", "at_least", (50,)),
    )
    need = mill(amount=Band(20_000, 50_000), facts={"accounts_2y": False})
    told = arithmetic_of(need, lender(criteria=rules), MODEL)
    assert "unmet   must   amount_usd at_most 10000; shown: 20,000 to 50,000" in told
    assert "unmet   must   accounts_2y has; shown: False" in told
    assert "unknown prefer women_share at_least 50; shown: nothing" in told
    assert "against rule_unmet (fact amount_usd; op at_most; values 10000)" in told
    assert re.search(r"^lever   amount_usd at_most 10000 and accounts_2y has: then \d+", told, re.M)


def test_raw_values_are_those_of_every_facet_and_nan_where_nothing_is_said() -> None:
    said, unsaid = (raw_values(mill(**of), lender(), MODEL) for of in ({}, {"text": ""}))
    assert set(said) == set(MODEL.facets("finance"))
    assert said["text"] > 0
    assert unsaid["text"] != unsaid["text"]


def test_pairs_of_two_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="not compared"):
        arithmetic_of(mill(), lender(kind="service"), MODEL)
