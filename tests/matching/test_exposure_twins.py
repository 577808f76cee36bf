"""Twins that differ in one respect only are scored, ranked and seen alike; groups are reported."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchmaker.matching.exposure import LIST, Attention, arrange, order
from matchmaker.matching.index import Index
from matchmaker.matching.match import Match
from matchmaker.matching.metrics import bootstrap
from matchmaker.matching.parity import MANY, NOT_SAID, REST, parity, parity_table, script_of
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.simulation.game import Order, play
from matchmaker.matching.simulation.market import Setting
from tests.matching.markets import lender, mill

MODEL = programme_model()
#: What an offer says for itself; it asks for no sex, size or province.
OPEN = {"sector": ("isic4:10",), "place": ("iso3166-1:LA",), "stage": ("stage:growth",)}
ATTRS = dict(mill().attrs)


def of(**attrs: tuple[str, ...]) -> dict[str, Any]:
    return {"attrs": ATTRS | attrs}


LAO = "ໂຮງສີເຂົ້າຊອກຫາເງິນກູ້ 50.000.000 ກີບ"
VIETNAMESE = "Nhà máy xay lúa cần vay vốn mua máy sấy"
TWINS = {
    "sex of owner": (of(ownership=("ownership:women_owned",)), of(ownership=("ownership:asked",))),
    "size": (of(size=("size:micro",)), of(size=("size:large",))),
    "province": (
        of(place=("iso3166-2:LA-LP", "iso3166-1:LA")),
        of(place=("iso3166-2:LA-AT", "iso3166-1:LA")),
    ),
    "script, another spelling": (
        {"text": unicodedata.normalize("NFC", VIETNAMESE), "lang": "vi"},
        {"text": unicodedata.normalize("NFD", VIETNAMESE), "lang": "vi"},
    ),
    "script, other digits": (
        {"text": LAO, "lang": "lo"},
        {"text": LAO.replace("50.000.000", "໕໐.໐໐໐.໐໐໐"), "lang": "lo"},
    ),
}
OFFERS = [
    lender(id=1, attrs=OPEN, criteria=()),
    lender(id=2, attrs=OPEN, text="ເງິນກູ້ສຳລັບໂຮງສີເຂົ້າ", lang="lo"),
    lender(id=3, attrs=OPEN, text="Vay vốn mua máy cho nhà máy xay lúa", lang="vi"),
]


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.lang)
def test_twins_have_equal_scores_and_neighbouring_ranks(name: str, offer: OfferRecord) -> None:
    one, other = (mill(id=at, organisation_id=at, **TWINS[name][at - 10]) for at in (10, 11))
    first, second = (score_pair(twin, offer, MODEL) for twin in (one, other))
    assert (first.forward, first.backward, first.score) == (
        second.forward,
        second.backward,
        second.score,
    )
    others = [mill(id=at, organisation_id=at, facts={"age_years": at}) for at in range(20, 26)]
    ranked = Index.of([one, other, *others], [], MODEL).top(offer, n=20).matches
    ids = [match.need_id for match in ranked]
    assert abs(ids.index(10) - ids.index(11)) == 1


@pytest.mark.slow
def test_a_firm_is_scored_alike_in_any_script_where_offers_are_told_by_codes_alone() -> None:
    offer = lender(attrs=OPEN, text="")
    told = [(mill().text, "en"), (LAO, "lo"), (VIETNAMESE, "vi"), ("碾米厂贷款", "zh")]
    scores = {score_pair(mill(text=text, lang=lang), offer, MODEL).score for text, lang in told}
    assert len(scores) == 1


def test_a_rule_about_the_respect_does_tell_twins_apart() -> None:
    """The twins above could differ: an offer that serves one size scores them differently."""
    offer = lender(attrs=OPEN | {"size": ("size:micro",)}, criteria=())
    micro, large = (score_pair(mill(**twin), offer, MODEL).score for twin in TWINS["size"])
    assert micro > large


def seen_by_twins(by: Order, **setting: Any) -> tuple[np.ndarray, np.ndarray]:
    played = [play(Setting(twins=True, seed=seed, **setting), by) for seed in range(5)]
    return tuple(np.concatenate([one.seen[at::2] for one in played]) for at in (0, 1))  # type: ignore[return-value]


def test_over_thirty_days_twins_are_seen_alike() -> None:
    """Each pair of them, though the first has the lower id, by which equal scores are listed."""
    first, second = seen_by_twins("prices and turns", asks=False, rounds=60)
    assert np.abs(first - second).max() <= 2
    assert 0.9 <= first.sum() / second.sum() <= 1.1


def firm(at: int, **changed: Any) -> NeedRecord:
    return mill(**{"id": at, "organisation_id": 1000 + at, **changed})


def a_month(needs: list[NeedRecord], offers: list[OfferRecord]) -> Counter[int]:
    """Top tens by need: 30 days on which every offerer opens its list, as the page arranges it."""
    index, seen = Index.of(needs, [], MODEL), Counter[int]()
    for day in range(30):
        for offer in offers:
            matches = index.top(offer, n=len(needs), day=day).matches
            page, behind = matches[:20], matches[20:]
            least = sorted(behind, key=lambda one: seen[one.need_id])[:4]
            attention = {
                one.need_id: Attention(seen=seen[one.need_id], turns=seen[one.need_id])
                for one in (*page, *least)
            }
            placed = arrange(page, attention, needs=True, waiting=least)
            seen.update(one.match.need_id for one in placed[:LIST])
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS)
def test_over_thirty_days_twins_of_the_engine_are_seen_alike(name: str) -> None:
    """Twelve pairs that differ in this alone, by scores of the engine, among thirty others."""
    amounts = (Band(5_000, 10_000), Band(20_000, 50_000), Band(50_000, 100_000))
    needs = [
        firm(2 * pair + half, **{"amount": amounts[pair % 3], **TWINS[name][half]})
        for pair in range(12)
        for half in range(2)
    ]
    for at in range(100, 130):
        stage, sector = ("startup", "early", "growth")[at % 3], ("10", "1061", "47", "62")[at % 4]
        needs.append(firm(at, **of(stage=(f"stage:{stage}",), sector=(f"isic4:{sector}",))))
    seen = a_month(needs, OFFERS)
    for pair in range(12):
        first, second = seen[2 * pair], seen[2 * pair + 1]
        assert min(first, second) >= 3
        assert abs(first - second) <= 2
    assert 0.9 <= sum(seen[at] for at in range(0, 24, 2)) / sum(
        seen[at] for at in range(1, 24, 2)
    ) <= 1.1  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("many", [33, 60])
def test_of_more_firms_alike_than_a_page_holds_all_are_seen_alike(many: int) -> None:
    seen = a_month([firm(at) for at in range(many)], OFFERS)
    assert sum(seen.values()) == 30 * len(OFFERS) * LIST
    mean = sum(seen.values()) / many
    assert len(seen) == many
    assert 0.8 * mean <= min(seen.values()) <= max(seen.values()) <= 1.25 * mean


def test_chance_answers_do_not_favour_the_first_twin() -> None:
    """Where one is refused and the other not, pairs go their own ways; the groups do not."""
    first, second = seen_by_twins("prices and turns", learned=0, rounds=60)
    assert 0.9 <= first.sum() / second.sum() <= 1.1


def test_of_two_alike_the_less_seen_is_listed_first_wherever_ids_put_them() -> None:
    """Else the second of two at the edge of the ten would be two places further for ever."""
    matches = [Match(at, 1, (), (), 0, 0, 80 if at in (11, 12) else 99 - at) for at in range(1, 13)]
    for less, more in ((11, 12), (12, 11)):
        attention = {less: Attention(seen=3), more: Attention(seen=4)}
        placed = order(matches, attention, needs=True, farthest=0)
        assert [one.match.need_id for one in placed[-2:]] == [less, more]


def firms(first: int, many: int, **changed: Any) -> list[NeedRecord]:
    return [firm(at, **changed) for at in range(first, first + many)]


def test_the_report_counts_groups_exposure_and_quality() -> None:
    needs = [
        *firms(0, 5, attrs={"ownership": ("ownership:women_led",), "size": ("size:micro",)}),
        *firms(5, 5, attrs={"ownership": ("ownership:asked",), "place": ("iso3166-2:LA-LP",)},
               text=LAO),
        *firms(10, 5, attrs={}, text=""),
        *firms(15, 5, attrs={}),
    ]  # fmt: skip
    seen, quality = {0: 30, 5: 10}, {0: 1.0, 15: 0.5}
    rows = {(row.dimension, row.group): row for row in parity(needs, seen, quality)}
    assert set(rows) == {
        ("sex of owner", NOT_SAID), ("sex of owner", "women"), ("sex of owner", "others"),
        ("size", NOT_SAID), ("size", "size:micro"),
        ("province", NOT_SAID), ("province", "iso3166-2:LA-LP"),
        ("script", "latin"), ("script", "lao"), ("script", NOT_SAID),
    }  # fmt: skip
    women = rows["sex of owner", "women"]
    assert (women.needs, women.seen.mean, women.ratio, women.measured) == (5, 6.0, 3.0, 1)
    latin = rows["script", "latin"]
    assert (latin.needs, latin.seen.mean, latin.ratio, latin.quality.mean) == (10, 3.0, 1.5, 0.75)


def test_a_group_of_few_firms_cannot_be_worked_out_from_the_others() -> None:
    """Not by what is missing to the mean of all; and five needs of one firm are not five firms."""
    sizes = {"micro": firms(0, 9), "small": firms(10, 6), "medium": firms(20, 3)}
    sizes["large"] = [firm(30 + at, organisation_id=7) for at in range(8)]
    needs = [
        replace(one, attrs={"size": (f"size:{size}",)}) for size, of in sizes.items() for one in of
    ]
    rows = [row for row in parity(needs, {30: 90}, {}) if row.dimension == "size"]
    # Large and medium are four firms together: the next larger group goes with them.
    assert [(row.group, row.needs) for row in rows] == [("size:micro", 9), (REST, 17)]
    assert sum(row.needs * row.seen.mean for row in rows) == pytest.approx(90)


def test_quality_is_told_of_five_lists_and_more() -> None:
    needs = firms(0, 9, attrs={})
    for measured, told in ((4, "too few (4)"), (5, "0.500 [0.500, 0.500] (5)")):
        rows = parity(needs, {}, dict.fromkeys(range(measured), 0.5))
        assert {row.told for row in rows} == {measured == 5}
        assert all(line.endswith(told) for line in parity_table(rows).splitlines()[1:])


def test_the_report_of_nobody_is_empty() -> None:
    assert parity([], {}, {}) == []


def test_many_firms_have_the_interval_that_resampling_would_give() -> None:
    draw = np.random.default_rng(5)
    counts = draw.poisson(3.0, MANY + 1).tolist()
    needs = firms(0, len(counts), attrs={})
    row = next(row for row in parity(needs, dict(enumerate(counts)), {}) if row.dimension == "size")
    resampled = bootstrap(counts)
    for ours, theirs in zip((row.seen.low, row.seen.high), (resampled.low, resampled.high),
                            strict=True):  # fmt: skip
        assert ours == pytest.approx(theirs, abs=0.02)


@pytest.mark.parametrize(
    ("text", "script"),
    [("Rice mill", "latin"), (LAO, "lao"), ("โรงสี", "thai"), ("碾米厂", "cjk"), ("ဆန်စက်", "myanmar"),
     ("រោងម៉ាស៊ីន", "khmer"), ("123 !", NOT_SAID)],
)  # fmt: skip
def test_the_script_of_a_text(text: str, script: str) -> None:
    assert script_of(text) == script
