"""Learning looks at each outcome with the history of its own day, and says little on little."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.learning.choices import blocks_of, choices_of, look
from matchmaker.matching.learning.fitting import fit
from matchmaker.matching.learning.history import Outcome, as_of
from matchmaker.matching.learning.logit import Sets, fit_non_negative
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from tests.matching.markets import lender, mill

BASE = programme_model()
START = date(2025, 1, 1)
PLACES = ("iso3166-2:LA-VT", "iso3166-2:LA-LP", "iso3166-2:LA-SV", "iso3166-2:LA-CH")


def market(n: int) -> tuple[list[NeedRecord], list[OfferRecord], list[Outcome]]:
    """Needs that go to the offer of their own province, whatever else is said."""
    chance = random.Random(2)
    needs = [
        mill(id=at, organisation_id=at, attrs={"place": (PLACES[at % 4],)}, text="loan")
        for at in range(n)
    ]
    offers = [
        lender(
            id=at,
            organisation_id=10_000 + at,
            attrs={"place": (PLACES[at % 4],)} if at % 3 else {},
            criteria=(),
            profile_source="history",
        )
        for at in range(8)
    ]
    outcomes = [
        Outcome(at, at % 4 + 4 * chance.randrange(2), START + timedelta(days=at // 2))
        for at in range(n)
    ]
    return needs, offers, outcomes


def by_id(needs: list[NeedRecord]) -> dict[int, NeedRecord]:
    return {need.id: need for need in needs}


def test_history_counts_only_what_came_before_the_day() -> None:
    needs, offers, outcomes = market(40)
    day = START + timedelta(days=5)
    now = as_of(offers, by_id(needs), outcomes, day, profiles=True)
    for offer in now:
        past = [one for one in outcomes if one.offer_id == offer.id and one.on < day]
        assert offer.taken.total == len(past) == offer.activity.total
        shown = {code for codes in offer.attrs.values() for code in codes}
        assert shown == {code for one in past for code in needs[one.need_id].attrs["place"]}


def test_later_outcomes_leave_no_trace() -> None:
    needs, offers, outcomes = market(40)
    day = START + timedelta(days=5)
    early = [one for one in outcomes if one.on < day]
    records = by_id(needs)
    assert as_of(offers, records, outcomes, day, profiles=True) == as_of(
        offers, records, early, day, profiles=True
    )


def test_what_an_offerer_declares_is_not_rewritten() -> None:
    needs, _, outcomes = market(10)
    declared = lender(id=0, organisation_id=99)
    after = as_of([declared], by_id(needs), outcomes, date(2026, 1, 1), profiles=True)[0]
    assert (after.attrs, after.text, after.range) == (declared.attrs, declared.text, declared.range)
    assert after.taken.total > 0


def test_a_pair_has_no_part_in_what_is_said_about_it() -> None:
    needs, offers, outcomes = market(60)
    model = calibrate(BASE, needs, offers, "x")
    span = blocks_of(outcomes)[-1]
    seen = look(model, by_id(needs), offers, outcomes, span)
    answered = [one for one in outcomes if not span[0] <= one.on < span[1]]
    turned = [
        Outcome(one.need_id, (one.offer_id + 1) % 8, one.on)
        for one in outcomes
        if span[0] <= one.on < span[1]
    ]
    other = look(model, by_id(needs), offers, answered + turned, span)
    assert seen is not None
    assert other is not None
    assert all(np.array_equal(seen.raw[f], other.raw[f], equal_nan=True) for f in seen.raw)
    assert not np.array_equal(seen.chosen, other.chosen)


def test_fitted_weights_find_what_matters() -> None:
    fitted = fit(BASE, *market(240), "fitted")
    weights = fitted.model.weights["finance"]
    assert weights["backward"]["place"] > BASE.weights["finance"]["backward"]["place"]
    assert "place" in fitted.learned
    assert 0.6 < fitted.trust < 0.8
    assert fitted.model.weights["service"] == BASE.weights["service"]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_outcomes_hardly_move_the_programme(n: int) -> None:
    fitted = fit(BASE, *market(n), "few")
    for direction in ("forward", "backward"):
        own, base = (
            model.weights["finance"][direction]  # type: ignore[index]
            for model in (fitted.model, BASE)
        )
        moved = sum(abs(own.get(name, 0) - base.get(name, 0)) for name in {*own, *base})
        assert moved <= 8


def test_a_fitted_model_keeps_the_rules_of_a_version() -> None:
    model = fit(BASE, *market(120), "fitted").model
    assert Model.from_json(model.to_json()).digest() == model.digest()
    assert all(len(scale.raw) <= 21 for scale in model.scales["finance"].values())
    assert "activity" not in model.weights["finance"]["backward"]
    assert "evidence" not in model.weights["finance"]["forward"]


def test_fitting_twice_gives_the_same_version() -> None:
    assert fit(BASE, *market(80), "x").model.digest() == fit(BASE, *market(80), "x").model.digest()


def test_the_search_for_coefficients_is_non_negative_and_finds_the_sign() -> None:
    random_ = np.random.default_rng(1)
    features = random_.random((400, 2))
    starts = np.arange(0, 400, 4)
    chosen = np.zeros(400)
    for start in starts:
        chosen[start + np.argmax(features[start : start + 4, 0])] = 1
    sets = Sets(features, starts, np.repeat(np.arange(100), 4), chosen)
    found = fit_non_negative(sets, np.array([0.1, 0.1]), 1.0)
    assert found[0] > 1
    assert found[1] < 0.5
    assert (found >= 0).all()


def test_the_loss_has_the_slope_it_says() -> None:
    random_ = np.random.default_rng(3)
    starts = np.array([0, 3, 7])
    chosen = np.array([1.0, 0, 0, 0, 2, 1, 0, 0, 1, 0])
    sets = Sets(np.empty((10, 0)), starts, np.repeat([0, 1, 2], [3, 4, 3]), chosen)
    z = random_.normal(size=10)
    loss, slope = sets.loss(z)
    for at in range(10):
        nudged = z.copy()
        nudged[at] += 1e-6
        assert (sets.loss(nudged)[0] - loss) / 1e-6 == pytest.approx(slope[at], abs=1e-4)


def test_choice_sets_hold_what_was_chosen_and_others() -> None:
    needs, offers, outcomes = market(60)
    model = calibrate(BASE, needs, offers, "x")
    seen = [look(model, by_id(needs), offers, outcomes, span) for span in blocks_of(outcomes)]
    kept = [block for block in seen if block is not None]
    choices = choices_of(kept, ("place", "ticket"), by_offer=False, seed=1)
    picked = np.add.reduceat(choices.chosen, choices.starts)
    assert (picked == 1).all()
    assert len(choices.raw) == len(choices.sets) == 8 * len(choices.starts)


@given(st.lists(st.integers(0, 500), max_size=60))
def test_blocks_hold_each_later_outcome_once(days: list[int]) -> None:
    outcomes = [Outcome(at, 0, START + timedelta(days=day)) for at, day in enumerate(days)]
    spans = blocks_of(outcomes)
    assert all(start < end for start, end in spans)
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    if spans:
        covered = [one for one in outcomes if spans[0][0] <= one.on < spans[-1][1]]
        assert len(covered) >= len(days) * 0.7 - 1


def test_calibration_freezes_how_common_things_are() -> None:
    needs, offers, _ = market(8)
    model = calibrate(BASE, needs, offers, "x")
    assert model.pool.of(PLACES[0]) == pytest.approx(2.5 / 9)
    assert model.pool.of("iso3166-1:LA") == pytest.approx(8.5 / 9)
    assert model.pool.of("sdg:1") == pytest.approx(0.5 / 9)
    assert set(model.idf) == {"en"}
    assert model.weights == BASE.weights


def test_every_no_stands_for_five_of_its_like_and_for_nothing_in_history() -> None:
    needs, offers, outcomes = market(40)
    refused = [
        Outcome(one.need_id, (one.offer_id + 1) % 8, one.on, weight=-1.0) for one in outcomes
    ]
    both, records = [*outcomes, *refused], by_id(needs)
    spans = blocks_of(both, 0.0)
    looks = [look(BASE, records, offers, both, span, history=False) for span in spans]
    seen = [block for block in looks if block is not None]
    choices = choices_of(seen, ("place", "text"), by_offer=False, seed=1)
    assert np.exp(choices.offsets).round(9).tolist().count(5.0) == len(refused)
    assert choices.chosen.sum() == len(outcomes)
    assert not (choices.chosen * choices.offsets).any()
    then = as_of(offers, records, refused, outcomes[-1].on, profiles=True)
    assert sum(offer.taken.total for offer in then) == 0


def test_a_row_that_stands_for_several_weighs_like_several() -> None:
    random = np.random.default_rng(3)
    features = random.normal(size=(6, 2))
    once = Sets(features, np.array([0]), np.zeros(6, int), np.eye(6)[0], np.log([1, 1, 3, 1, 1, 1]))
    rows = [0, 1, 2, 2, 2, 3, 4, 5]
    thrice = Sets(features[rows], np.array([0]), np.zeros(8, int), np.eye(8)[0])
    b = np.array([0.7, -0.2])
    assert once.loss(features @ b)[0] == pytest.approx(thrice.loss(features[rows] @ b)[0])


def test_without_history_offers_are_fitted_as_they_are() -> None:
    needs, offers, outcomes = market(60)
    span = blocks_of(outcomes, 0.0)[-1]
    seen = look(calibrate(BASE, needs, offers, "2"), by_id(needs), offers, outcomes, span,
                history=False)  # fmt: skip
    assert seen is not None
    # The market's offers say nothing of their own places but for those that declare one.
    known = ~np.isnan(seen.raw["place"]).all(axis=0)
    assert known.tolist() == [bool(offer.attrs) for offer in offers]
