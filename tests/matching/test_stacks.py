"""Sets of offers: their points follow from their parts, whatever else the pool holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.index import Filters, Index
from matchmaker.matching.index.stacked import stacks
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.stacks import (
    GUARANTEE,
    Stack,
    coverage_of,
    role_of,
    score_of,
    service_need,
    stack_of,
)

MODEL = programme_model()
BOOKS = "service:ACCOUNTING"
HELPS = {"accounts_1y": BOOKS, "collateral_land": GUARANTEE, "guarantor": GUARANTEE}.get
LAND = Criterion("collateral_land", "has", must=True)
ACCOUNTS = Criterion("accounts_1y", "has", must=True)
BEHIND_A_RULE = ("TERM_LOAN", "MICROLOAN", "EQUITY")
SMALL = Criterion("amount_usd", "at_most", (9_000,), must=True)
scores = st.lists(st.floats(0.0, 100.0), min_size=2, max_size=3)
bands = st.tuples(st.integers(0, 50), st.integers(1, 100)).map(
    lambda ends: Band(float(ends[0]), float(ends[0] + ends[1]))
)


def need(**more: object) -> NeedRecord:
    values: dict[str, object] = {
        "id": 1,
        "organisation_id": 1,
        "kind": "finance",
        "code": "instrument:TERM_LOAN",
        "amount": Band(10_000.0, 20_000.0),
        "attrs": {"sector": ("isic4:1061",), "place": ("iso3166-2:LA-LP",)},
    }
    return NeedRecord(**(values | more))  # type: ignore[arg-type]


def offer(
    at: int, code: str, band: tuple[float, float] | None, *rules: Criterion, **more: object
) -> OfferRecord:
    service = code.startswith("service:")
    values: dict[str, object] = {
        "id": at,
        "organisation_id": 100 + at,
        "kind": "service" if service else "finance",
        "codes": (code if service else f"instrument:{code}",),
        "range": Band(*band) if band else None,
        "criteria": rules,
        "attrs": {"place": ("iso3166-1:LA",)},
    }
    return OfferRecord(**(values | more))  # type: ignore[arg-type]


GRANT = offer(1, "GRANT", (1_000.0, 8_000.0))
LOAN = offer(2, "TERM_LOAN", (2_000.0, 12_000.0), SMALL)
SECURED = offer(3, "TERM_LOAN", (2_000.0, 50_000.0), LAND)
VOUCHES = offer(4, "GUARANTEE", None)
LACKING = offer(5, "TERM_LOAN", (2_000.0, 50_000.0), ACCOUNTS)
KEEPER = offer(6, BOOKS, None)
PART_SECURED = offer(7, "TERM_LOAN", (2_000.0, 12_000.0), SMALL, LAND)
WHOLE = offer(8, "TERM_LOAN", (2_000.0, 50_000.0), attrs={"sector": ("isic4:1061",)})


def pool(seed: int) -> list[OfferRecord]:
    """Twenty-four offers of all sorts, those of money behind a rule."""
    chance, found = Random(seed), []
    for at in range(10, 34):
        code = chance.choice(["TERM_LOAN", "MICROLOAN", "GRANT", "EQUITY", "GUARANTEE", BOOKS])
        low = chance.choice([500.0, 1_000.0, 5_000.0])
        rules = [chance.choice([LAND, ACCOUNTS, SMALL])] if code in BEHIND_A_RULE else []
        found.append(offer(at, code, (low, low * chance.choice([2, 5, 15])), *rules))
    return found


def found_in(offers: Sequence[OfferRecord], asked: NeedRecord, n: int = 3) -> list[Stack]:
    index = Index.of([asked], offers, MODEL)
    return stacks(index, asked, index.top(asked), HELPS, n)


@given(scores, st.integers(1, 100), st.integers(0, 2), st.floats(0.0, 100.0))
def test_a_better_part_never_makes_a_worse_set_and_none_beats_its_best(
    listed: list[float], coverage: int, which: int, raised: float
) -> None:
    before = score_of(listed, coverage)
    assert 0.0 <= before <= max(listed) + 1e-9
    assert score_of(listed[::-1], coverage) == pytest.approx(before)
    at = which % len(listed)
    listed[at] = max(listed[at], raised)
    assert score_of(listed, coverage) >= before - 1e-9
    assert score_of(listed, 100) >= score_of(listed, coverage)


@given(bands, st.lists(bands, min_size=1, max_size=3))
def test_coverage_is_a_share_that_a_further_part_only_raises_while_it_fits(
    amount: Band, ranges: list[Band]
) -> None:
    share = coverage_of(amount, ranges)
    assert 0 <= share <= 100
    free = Band(0.0, 10.0)
    assert coverage_of(amount, [*ranges, free]) >= share
    assert coverage_of(amount, ranges[::-1]) == share
    assert amount.high is not None
    assert coverage_of(amount, [*ranges, Band(amount.high, None)]) == 0


SETS = {
    "cover": ((GRANT, LOAN), ("grant", "loan"), ()),
    "secure": ((SECURED, VOUCHES), ("guarantee", "loan"), ("collateral_land",)),
    "supply": ((LACKING, KEEPER), ("service", "loan"), ("accounts_1y",)),
    "three": (
        (PART_SECURED, GRANT, VOUCHES),
        ("grant", "guarantee", "loan"),
        ("collateral_land",),
    ),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("told", [None, False], ids=["not known", "not had"])
def test_each_kind_of_set_is_found_with_its_parts_in_the_order_to_ask_in(
    name: str, told: bool | None
) -> None:
    offers, roles, supplied = SETS[name]
    asked = need(facts={"collateral_land": told, "accounts_1y": told})
    stack = stack_of(asked, offers, HELPS, MODEL)
    assert stack is not None
    assert tuple(part.role for part in stack.parts) == roles
    assert stack.supplied == supplied
    assert stack.coverage == 100
    assert stack.score == pytest.approx(
        len(offers) / sum(1 / score_of_part(asked, one, stack) for one in offers)
    )
    assert stack_of(asked, offers[::-1], HELPS, MODEL) == stack
    if told is False or len(offers) < 3:  # Not known hides nothing: two of the three then do.
        assert stack in found_in(offers, asked)


def score_of_part(asked: NeedRecord, one: OfferRecord, stack: Stack) -> float:
    against = service_need(asked, stack.service) if role_of(one) == "service" else asked
    return score_pair(against, one, MODEL).score


NO_SETS = {
    "two lenders": (LOAN, offer(9, "MICROLOAN", (1_000.0, 9_000.0))),
    "one covers it": (GRANT, WHOLE),
    "too much at the least": (GRANT, offer(9, "EQUITY", (19_500.0, 20_000.0))),
    "one organisation": (GRANT, replace(LOAN, organisation_id=101)),
    "nothing is lacking": (WHOLE, VOUCHES),
    "another lack": (SECURED, KEEPER),
    "shut in another way": (
        replace(SECURED, criteria=(LAND, Criterion("export", "has", must=True))),
        VOUCHES,
    ),
    "closed for now": (GRANT, replace(LOAN, deploying=False)),
    "a sort of its own": (
        GRANT,
        replace(LOAN, codes=("instrument:TERM_LOAN", "instrument:EQUITY")),
    ),
}


@pytest.mark.parametrize("name", NO_SETS)
def test_what_does_not_go_together_is_no_set(name: str) -> None:
    asked = need(facts={"collateral_land": False, "export": False, "accounts_1y": False})
    assert stack_of(asked, NO_SETS[name], HELPS, MODEL) is None
    assert found_in(NO_SETS[name], asked) == []


@pytest.mark.parametrize("seed", range(6))
def test_what_the_index_finds_is_what_the_offers_make_by_themselves(seed: int) -> None:
    offers, asked = pool(seed), need(facts={"accounts_1y": False, "collateral_land": None})
    by_id = {one.id: one for one in offers}
    found = found_in(offers, asked)
    assert found == sorted(found, key=lambda one: one.order)
    for stack in found:
        assert stack_of(asked, [by_id[one] for one in stack.ids], HELPS, MODEL) == stack
    mixed = Random(seed).sample(offers, len(offers))
    assert found_in(mixed, asked) == found


def test_the_pools_do_give_sets_of_every_kind() -> None:
    asked = need(facts={"accounts_1y": False, "collateral_land": None})
    kinds = {stack.kind for seed in range(6) for stack in found_in(pool(seed), asked)}
    assert kinds == {"cover", "secure", "supply"}


def test_another_offer_in_the_pool_changes_no_sets_points() -> None:
    asked = need(facts={"collateral_land": False, "accounts_1y": True})
    offers = [GRANT, LOAN, SECURED, VOUCHES]
    alone = found_in(offers, asked)
    assert {one.kind for one in alone} == {"cover", "secure"}
    others = [KEEPER, offer(40, "EQUITY", None), offer(41, "MICROLOAN", (50.0, 60.0), LAND)]
    assert found_in([*others, *offers], asked) == alone


def test_one_offer_that_covers_all_and_fits_as_well_leaves_no_set() -> None:
    asked = need()
    assert found_in([GRANT, LOAN], asked)
    assert found_in([GRANT, LOAN, WHOLE], asked) == []


def test_filters_hold_for_the_parts_and_services_make_no_sets() -> None:
    asked = need()
    index = Index.of([asked], [GRANT, LOAN], MODEL)
    only_loans = index.top(asked, Filters(codes=("instrument:TERM_LOAN",)))
    assert stacks(index, asked, only_loans, HELPS) == []
    help_ = replace(asked, kind="service", code=BOOKS)
    assert stacks(index, help_, index.top(help_), HELPS) == []
