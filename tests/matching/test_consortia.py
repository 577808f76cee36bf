"""Groups that reach a ticket together: what holds of every one, and that none better is missed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.matching.consortia import (
    GROUP_FORM,
    Group,
    band_sum,
    consortia,
    falls_short,
    group_of,
    reaches,
    ticket_of,
    wanted,
)
from matchmaker.matching.eligibility import check
from matchmaker.matching.nearness import CORRIDOR, nearness
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord
from matchmaker.vocabulary.bands import BANDS
from tests.matching.markets import lender, mill, needs

AGE = Criterion("age_years", "at_least", (3,), must=True)
TICKET = Criterion("amount_usd", "between", (100_000, 500_000), must=True)
FUND = lender(criteria=(AGE, TICKET), evidence=frozenset({"evidence:business_plan"}))
ASKING = mill(id=1000, organisation_id=1000)
SMALL = [Band(band.low, band.high) for band in BANDS if 500 <= band.low <= 50_000]


@st.composite
def pools(draw: st.DrawFn, most: int = 7) -> list[NeedRecord]:
    drawn = [draw(needs(kind="finance", number=at)) for at in range(draw(st.integers(0, most)))]
    bands = st.sampled_from(SMALL)
    firms = st.integers(0, most)
    return [replace(one, amount=draw(bands), organisation_id=draw(firms)) for one in drawn]


def proposed(pool: list[NeedRecord], offer: OfferRecord = FUND) -> tuple[Group, ...]:
    return consortia(ASKING, offer, pool)


@settings(max_examples=30)
@given(pools())
def test_every_group_reaches_the_ticket_and_no_gate_of_it_is_unmet(pool: list[NeedRecord]) -> None:
    by_id = {one.id: one for one in pool}
    seen: set[int] = set()
    for group in proposed(pool):
        others = [by_id[one] for one in group.ids]
        assert 1 <= len(others) <= 5
        assert group.band == band_sum([Band(20_000, 50_000), *(one.band for one in group.others)])
        assert group.band.low >= 100_000
        assert group.band.high is not None
        assert group.band.high <= 500_001
        assert 0 <= group.points <= 100
        firms = [one.organisation_id for one in others]
        assert len(firms) == len(set(firms))
        closed = {rule.criterion.fact for one in others for rule in check(one, FUND) if rule.closes}
        assert closed <= {"amount_usd"}
        assert seen.isdisjoint(group.ids)
        seen |= set(group.ids)


@pytest.mark.slow
@settings(max_examples=30)
@given(pools(most=6))
def test_no_better_group_is_missed(pool: list[NeedRecord]) -> None:
    """Against going through all of them; each need is of a firm of its own."""
    pool = [replace(one, organisation_id=one.id) for one in pool]
    ticket = ticket_of(FUND.criteria)
    assert ticket is not None
    fit = [one for one in pool if not any(r.closes for r in check(one, lender(criteria=(AGE,))))]
    every = [group_of(ASKING, FUND, some) for n in range(1, 6) for some in combinations(fit, n)]
    best = max((one.score for one in every if reaches(one.band, ticket)), default=None)
    found = proposed(pool)
    assert (found[0].score if found else None) == best


@settings(max_examples=30)
@given(pools(), needs(kind="finance", number=99), st.randoms(use_true_random=False))
def test_who_joins_the_pool_changes_no_points_and_its_order_nothing(
    pool: list[NeedRecord], newcomer: NeedRecord, random: st.DataObject
) -> None:
    before = proposed(pool)
    strange = replace(newcomer, organisation_id=99, facts={"age_years": 1})
    mixed = [*pool, strange]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert proposed(mixed) == before
    welcome = replace(newcomer, organisation_id=99, amount=Band(50_000, 100_000), facts={})
    by_id = {one.id: one for one in (*pool, welcome)}
    for group in proposed([*pool, welcome]):
        assert group == group_of(ASKING, FUND, [by_id[one] for one in group.ids])


def neighbour(number: int, **changed: object) -> NeedRecord:
    return replace(ASKING, id=number, organisation_id=number, **changed)  # type: ignore[arg-type]


def test_fewer_and_nearer_firms_come_first() -> None:
    near = [neighbour(at, amount=Band(50_000, 100_000)) for at in (1, 2)]
    far = [
        neighbour(at, amount=Band(50_000, 100_000), attrs={"place": ("iso3166-2:KH-12",)})
        for at in (3, 4)
    ]
    small = [neighbour(at, amount=Band(20_000, 50_000)) for at in range(5, 13)]
    found = proposed([*far, *small, *near])
    assert [len(group.ids) for group in found] == [2, 4, 4]
    assert found[0].ids == (1, 2)
    assert found[0].points == 85
    assert {3, 4}.isdisjoint({one for group in found for one in group.ids})


def test_a_group_that_goes_on_looks_for_what_it_lacks_in_the_places_it_has() -> None:
    some = [neighbour(at, amount=Band(20_000, 50_000)) for at in range(1, 6)]
    have = Band(60_000, 150_000)
    assert [len(group.ids) for group in proposed(some)] == [4]
    first, second = consortia(ASKING, FUND, some, have=have, places=3)
    assert (len(first.ids), first.band) == (2, Band(100_000, 250_000))
    assert len(second.ids) == 2
    assert consortia(ASKING, FUND, some, have=have, places=1) == ()
    assert consortia(ASKING, FUND, some, have=Band(100_000, 250_000)) == ()


def test_what_others_write_moves_nobody() -> None:
    alike = neighbour(1, text=ASKING.text)
    other = neighbour(2, text="something else altogether")
    assert nearness(ASKING, FUND, alike).value == nearness(ASKING, FUND, other).value


def test_a_paper_that_the_asking_firm_lacks_brings_its_holder_nearer() -> None:
    plan = neighbour(1, evidence=frozenset({"evidence:business_plan"}))
    assert nearness(ASKING, FUND, plan).parts["papers"] == 1.0
    asks_nothing = nearness(ASKING, lender(), plan)
    assert "papers" not in asks_nothing.parts
    less = nearness(ASKING, FUND, neighbour(2))
    assert less.value < nearness(ASKING, FUND, plan).value == 1.0


def test_sector_and_place_count_along_their_hierarchy() -> None:
    attrs = {"sector": ("isic4:1079",), "place": ("iso3166-2:LA-VT", "iso3166-1:LA")}
    parts = nearness(ASKING, FUND, neighbour(1, attrs=attrs)).parts
    assert (parts["sector"], parts["place"]) == (0.25, 0.5)


@pytest.mark.parametrize(
    ("mine", "theirs", "near"),
    [
        ("LA-SV", "LA-SV", 1.0),
        ("LA-SV", "TH-49", CORRIDOR),
        ("LA-LM", "LA-BK", CORRIDOR),
        ("LA-SV", "LA-LM", 0.5),
        ("LA-SV", "TH-57", 0.0),
        ("LA-SV", "", 0.0),
    ],
)
def test_a_corridor_lies_between_the_same_province_and_the_same_country(
    mine: str, theirs: str, near: float
) -> None:
    asking, other = ({"place": _place(one)} for one in (mine, theirs))
    firm = neighbour(1, attrs=other)
    assert nearness(replace(ASKING, attrs=asking), FUND, firm).parts["place"] == near


def _place(code: str) -> tuple[str, ...]:
    country = f"iso3166-1:{code[:2] or 'VN'}"
    return (f"iso3166-2:{code}", country) if code else (country,)


@pytest.mark.parametrize(
    "offer",
    [
        lender(criteria=(AGE,)),
        lender(criteria=(AGE, replace(TICKET, must=False))),
        lender(criteria=(Criterion("amount_usd", "at_most", (10_000,), must=True),)),
        replace(FUND, criteria=(*FUND.criteria, Criterion("age_years", "at_least", (9,), True))),
        replace(
            FUND,
            criteria=(*FUND.criteria, Criterion("legal_form", "none_of", (GROUP_FORM,), True)),
        ),
    ],
)
def test_where_a_group_does_not_help_none_is_proposed(offer: OfferRecord) -> None:
    assert proposed([neighbour(at, amount=Band(50_000, 100_000)) for at in (1, 2)], offer) == ()


def test_groups_and_needs_of_one_firm_are_no_partners() -> None:
    group = neighbour(1, attrs={"legal_form": (GROUP_FORM,)}, amount=Band(50_000, 100_000))
    own = replace(neighbour(2, amount=Band(50_000, 100_000)), organisation_id=1000)
    assert proposed([group, own, neighbour(3, amount=None)]) == ()


def test_the_list_to_choose_from_is_the_offers_own_below_its_ticket() -> None:
    assert falls_short(ASKING, FUND)
    assert not any(rule.closes for rule in check(ASKING, wanted(FUND)))
    large = mill(amount=Band(100_000, 200_000))
    assert any(rule.closes for rule in check(large, wanted(FUND)))
    assert not falls_short(large, FUND)
    with pytest.raises(ValueError, match="least"):
        wanted(lender())
