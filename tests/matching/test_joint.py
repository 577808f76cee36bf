"""Joint lifts, numbers that nest, and activity at the market's own pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from matchmaker.matching.amounts import liveliness
from matchmaker.matching.encoding import joint_codes
from matchmaker.matching.learning.calibration import proven
from matchmaker.matching.learning.history import Outcome, as_of, half_life
from matchmaker.matching.learning.joint import RIDGE, SHRINK, joint_lifts
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Activity, NeedRecord
from matchmaker.matching.scoring import one_pair
from tests.matching.markets import lender, mill

START = date(2025, 1, 1)


def need(at: int, *codes: str, sector: str = "") -> NeedRecord:
    attrs = {"place": codes, "sector": (sector,) if sector else ()}
    return mill(id=at, organisation_id=at, attrs=attrs, amount=None, text="loan")


def lift(joint: tuple[dict[str, float], float], asked: NeedRecord) -> float:
    weights, base = joint
    return sum(weights.get(code, 0.0) for code in joint_codes(asked)) - base


def test_joint_lifts_are_the_ridge_discriminant_of_the_past() -> None:
    needs = [need(0, "x:a"), need(1, "x:a", "x:b"), need(2, "x:b"), need(3, "x:c")]
    past = {7: [(1.0, needs[0]), (1.0, needs[1])], 8: [(1.0, needs[2]), (0.5, needs[3])], 9: []}
    found = joint_lifts(past)
    names = sorted(set().union(*map(joint_codes, needs)))
    x = np.array([[code in joint_codes(one) for code in names] for one in needs], float)
    w = np.array([1.0, 1.0, 1.0, 0.5])
    mean = w @ x / w.sum()
    covariance = (x - mean).T @ ((x - mean) * w[:, None]) / w.sum()
    away = (x[:2] - mean).sum(axis=0) / (2.0 + SHRINK)
    own = np.linalg.solve(covariance + RIDGE * np.eye(len(names)), away)
    assert set(found) == {7, 8}
    assert [found[7][0][code] for code in names] == pytest.approx(own)
    assert found[7][1] == pytest.approx(own @ mean)


def test_two_codes_that_go_together_share_what_one_says_alone() -> None:
    single = {0: [(1.0, need(at, "x:a")) for at in range(9)],
              1: [(1.0, need(20 + at, "x:b")) for at in range(9)]}  # fmt: skip
    double = {0: [(1.0, need(at, "x:a", sector="y:s")) for at in range(9)],
              1: [(1.0, need(20 + at, "x:b", sector="y:t")) for at in range(9)]}  # fmt: skip
    alone = lift(joint_lifts(single)[0], need(50, "x:a"))
    both = lift(joint_lifts(double)[0], need(51, "x:a", sector="y:s"))
    assert alone < both < 1.2 * alone


def test_nothing_is_learned_from_nothing() -> None:
    bare = replace(need(0), attrs={})
    assert joint_lifts({}) == {}
    assert joint_lifts({3: [], 4: [(1.0, bare)]}) == {}


def test_a_profile_that_sums_up_the_past_says_nothing_beside_it() -> None:
    asked = need(0, "x:a")
    past = [need(at, "x:b") for at in range(1, 9)]
    outcomes = [Outcome(one.id, 5, START + timedelta(days=one.id)) for one in past]
    declares = replace(lender(id=5, organisation_id=99), attrs={"place": ("x:a",)}, criteria=())
    records = {one.id: one for one in past}
    points = {}
    for source in ("declared", "history"):
        offer = replace(declares, profile_source=source)  # type: ignore[arg-type]
        then = as_of([offer], records, outcomes, date(2026, 1, 1), profiles=False)[0]
        points[source] = int(one_pair(asked, then, programme_model()).points["place"][0])
    assert points["history"] < points["declared"]


def test_signs_of_life_fade_with_the_length_of_the_history() -> None:
    assert half_life(START, START + timedelta(days=100)) == pytest.approx(20.0)
    assert half_life(START, START + timedelta(days=2)) == 1.0
    assert half_life(None, START) is None
    assert Activity.of_ages([0, 20, 40], 20.0).halved == pytest.approx(1.75)
    assert Activity.of_ages([0, 20, 40]).halved is None


def test_of_two_as_busy_the_later_is_livelier_at_the_pace_of_a_short_history() -> None:
    needs = {at: need(at, "x:a") for at in range(8)}
    outcomes = [Outcome(at, 5 if at < 4 else 6, START + timedelta(days=at)) for at in range(8)]
    offers = [lender(id=5, organisation_id=98), lender(id=6, organisation_id=99)]
    then = as_of(offers, needs, outcomes, START + timedelta(days=9), profiles=False)
    early, late = (liveliness(offer.activity) for offer in then)
    assert early < 0.7 * late
    undated = [replace(one, on=date.min) for one in outcomes]
    same = as_of(offers, needs, undated, START, profiles=False)
    assert len({liveliness(offer.activity) for offer in same}) == 1


def test_what_nobody_could_take_tells_against_nobody() -> None:
    past = [need(at, "x:a") for at in range(1, 31)]
    outcomes = [
        Outcome(one.id, 5 if one.id < 29 else 6, START + timedelta(days=one.id)) for one in past
    ]
    records = {one.id: one for one in past}
    offers = [
        replace(lender(id=at, organisation_id=90 + at), criteria=(), profile_source="history")
        for at in (5, 6)
    ]
    busy, quiet = as_of(offers, records, outcomes, date(2026, 1, 1), profiles=True)
    base = programme_model()
    model = replace(base, pool=replace(base.pool, proven=proven(past)))
    asked = need(0, "x:new")
    for version, same in ((base, False), (model, True)):
        points = [
            int(one_pair(asked, offer, version).points["place"][0]) for offer in (busy, quiet)
        ]
        assert (points[0] == points[1]) is same
        assert points[0] <= points[1]
    known = [one_pair(need(0, "x:a"), offer, model).points["place"][0] for offer in (busy, quiet)]
    assert known[0] > 0
    assert proven(past)["x:a"] == pytest.approx(30 / 35)
    assert Model.from_json(model.to_json()).pool == model.pool
