"""What an amount that is told counts beside one that is not, where offers have a past."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.amounts import log_band
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, NeedRecord, OfferRecord, Source, Taken
from matchmaker.matching.scoring import score_pair
from tests.matching.markets import bands, lender, mill, needs, offers

MODEL = programme_model()
#: Every amount fits: the lower quartile, frozen, is all that a facet can have.
EASY = calibrate(
    MODEL,
    [mill(id=at, organisation_id=at) for at in range(9)],
    [lender(id=at, organisation_id=100 + at) for at in range(9)],
    "easy",
)
Pair = tuple[NeedRecord, OfferRecord]
pairs = st.tuples(needs(kind="finance"), offers(kind="finance"))
models = pytest.mark.parametrize("model", [MODEL, EASY], ids=["programme", "easy"])


def past_of(n: int, mean: float, sd: float) -> Taken:
    return Taken({}, float(n), (float(n), mean, sd))


pasts = st.builds(past_of, st.integers(1, 500), st.floats(1.5, 9.0), st.floats(0.0, 3.0))
sources = st.sampled_from(["declared", "history"])


def untold_beats(pair: Pair, amount: Band, model: Model) -> bool:
    need, offer = pair
    told, untold = (
        score_pair(replace(need, amount=one), offer, model).score for one in (amount, None)
    )
    return untold > told


@models
@given(pairs, bands, bands, bands, st.booleans(), pasts, sources)
def test_an_amount_inside_the_range_never_loses_to_one_not_told_whatever_the_past_shows(
    model: Model,
    pair: Pair,
    amount: Band,
    least: Band,
    most: Band,
    open_low: bool,
    past: Taken,
    source: Source,
) -> None:
    assert model is MODEL or model.scales["finance"]["ticket"].unknown == 100
    need, offer = pair
    high = None if amount.high is None or most.high is None else max(amount.high, most.high)
    # Open at both ends it says nothing.
    low = 0.0 if open_low and high is not None else min(amount.low or 10.0, least.low or 10.0)
    offer = replace(offer, range=Band(low, high), criteria=(), taken=past, profile_source=source)
    assert not untold_beats((need, offer), amount, model)


@models
@given(pairs, bands, st.integers(2, 500), st.floats(0.0, 1.0))
def test_an_amount_like_those_taken_never_loses_to_one_not_told(
    model: Model, pair: Pair, amount: Band, n: int, spread: float
) -> None:
    """Where nothing but the past tells what an offer takes: twice at least, no wider than all."""
    need, offer = pair
    taken = past_of(n, sum(log_band(amount)) / 2.0, spread * model.pool.amount[1])
    offer = replace(offer, range=None, criteria=(), taken=taken)
    assert not untold_beats((need, offer), amount, model)
