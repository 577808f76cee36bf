"""Attacks on the engine, each with its limit: stuffed and copied profiles, probing, erased firms.

Shares are of top tens in which a profile stands, among 300 needs and 200 offers (``crowd``); the
same 40 profiles attack each time, and a limit is a mean over them in points of that share.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from matchmaker.language.words import words
from matchmaker.matching.eligibility import State, check
from matchmaker.matching.index import Change, Filters, Index
from matchmaker.matching.learning.history import Outcome, as_of
from matchmaker.matching.match import Match
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import (
    Activity,
    Band,
    Criterion,
    NeedRecord,
    OfferRecord,
    Record,
)
from matchmaker.matching.scoring import score_pair
from matchmaker.vocabulary.bands import usd_band
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.places import COUNTRIES
from tests.matching import crowd
from tests.matching.markets import lender, mill

# One process builds the crowd.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crowd")]

MODEL = programme_model()
#: As much as a form takes.
LONGEST = 4000
POINT = 0.01
EVERYTHING = {
    "sector": crowd.SECTIONS + crowd.DIVISIONS,
    "place": crowd.PROVINCES + tuple(f"iso3166-1:{code.code}" for code in COUNTRIES),
    "stage": crowd.STAGES,
    "size": crowd.SIZES,
    "language": tuple(f"language:{code.code}" for code in LANGUAGES),
    "impact": tuple(f"sdg:{number}" for number in range(1, 18)),
}


def attackers(of_offers: bool) -> Sequence[Record]:
    pool: Sequence[Record] = crowd.offers() if of_offers else crowd.needs()
    return Random(3).sample(pool, 40)


@cache
def honest_share(of_offers: bool) -> float:
    return float(crowd.shares(attackers(of_offers)).mean())


def gained(of_offers: bool, attack: Callable[[Record], Record]) -> float:
    stuffed = [attack(record) for record in attackers(of_offers)]
    return float(crowd.shares(stuffed).mean()) - honest_share(of_offers)


def alike(record: Record) -> list[Record]:
    """Others of its side, kind and language, who write as it might."""
    pool: Sequence[Record] = crowd.offers() if isinstance(record, OfferRecord) else crowd.needs()
    return [
        other
        for other in pool
        if other.id != record.id and (other.kind, other.lang) == (record.kind, record.lang)
    ]


def all_categories(record: Record) -> Record:
    attrs = {**record.attrs, **EVERYTHING}
    if isinstance(record, NeedRecord):
        return replace(record, attrs=attrs)
    return replace(
        record,
        attrs=attrs,
        codes=crowd.CODES[record.kind],
        purposes=crowd.PURPOSES,
        range=record.range and Band(0.0),
        price=record.price and Band(0.0),
    )


def one_word_500_times(record: Record) -> Record:
    long = [word for word in words(record.text, record.lang) if len(word) > 3]
    word = Random(record.id).choice(long)
    return replace(record, text=record.text + f" {word}" * 500)


def every_topic_told(record: Record) -> Record:
    return replace(record, text=". ".join(other.text for other in alike(record))[:LONGEST])


def two_topics(record: Record, times: int = 40) -> Record:
    other = Random(record.id).choice(alike(record)).text
    return replace(record, text=f"{record.text}. {other}. " * times)


def broad(sections: int, codes: int, purposes: int, amount: Band) -> Callable[[Record], Record]:
    """Claims that no rule of the engine calls too many: who knows whether they are true?"""

    def claim(record: Record) -> Record:
        assert isinstance(record, OfferRecord)
        chance = Random(record.id)
        attrs = {
            **record.attrs,
            "sector": tuple(chance.sample(crowd.SECTIONS, sections)),
            "place": ("iso3166-1:LA",),
        }
        others = [code for code in crowd.CODES[record.kind] if code not in record.codes]
        return replace(
            record,
            attrs=attrs,
            codes=(*record.codes, *chance.sample(others, codes - 1)),
            purposes=tuple(chance.sample(crowd.PURPOSES, purposes)),
            range=record.range and amount,
            price=record.price and Band(0.0),
        )

    return claim


def everything_at_once(record: Record) -> Record:
    return all_categories(every_topic_told(record))


@pytest.mark.parametrize("of_offers", [True, False], ids=["offer", "need"])
@pytest.mark.parametrize(
    "attack", [all_categories, one_word_500_times, every_topic_told, everything_at_once]
)
def test_a_stuffed_profile_is_not_shown_more_often(
    attack: Callable[[Record], Record], of_offers: bool
) -> None:
    assert gained(of_offers, attack) <= POINT


def test_a_generalist_gains_by_what_it_serves_and_hardly_by_claiming_more() -> None:
    assert gained(True, broad(8, 3, 6, Band(0.0))) <= 5 * POINT
    # What stays inside every limit may be an honest bank: measured, not forbidden.
    assert gained(True, broad(2, 2, 4, Band(100.0, 1e6))) <= 16 * POINT


def test_any_amount_says_nothing_and_a_very_wide_range_little() -> None:
    need = mill(amount=Band(20_000.0, 50_000.0))

    def fit(amount: Band) -> tuple[bool, int]:
        facets = score_pair(need, lender(range=amount, criteria=()), MODEL).facets
        return next((facet.known, facet.points) for facet in facets if facet.name == "ticket")

    known, honest = fit(Band(1_000.0, 1e6))
    assert known
    assert (known, honest) == fit(Band(10_000.0, 100_000.0))
    assert not fit(Band(0.0))[0]
    assert fit(Band(10.0, 1e8))[1] < honest


def test_an_offer_of_many_services_stands_for_each_of_them_and_passes_its_filter() -> None:
    many = lender(kind="service", codes=crowd.CODES["service"], range=None, purposes=())
    index = Index.of([], [many], MODEL)
    for code in crowd.CODES["service"]:
        need = mill(kind="service", code=code, purpose=None)
        assert index.top(need, Filters(codes=(code,))).total == 1


@pytest.mark.parametrize("of_offers", [True, False], ids=["offer", "need"])
def test_two_topics_gain_by_being_two_not_by_being_repeated(of_offers: bool) -> None:
    repeated = gained(of_offers, two_topics)
    once = gained(of_offers, lambda record: two_topics(record, times=1))
    assert repeated <= once + POINT
    # An offer of two things does match what looks for either: measured, that is two points.
    assert repeated <= 3 * POINT
    # Two offers of one thing each are shown far more: to join them in one text is no way up.
    assert honest_share(of_offers) + once <= 0.75 * 2 * honest_share(of_offers)


def test_a_copy_stays_behind_what_it_copies_by_the_deals_that_it_lacks() -> None:
    shown = crowd.shares(crowd.offers())
    best = [
        crowd.offers()[at] for at in np.argsort(-shown) if crowd.offers()[at].activity.total >= 10
    ][:8]
    copies = [replace(one, organisation_id=900_000 + one.id, activity=Activity()) for one in best]
    honest = crowd.honest_scores(of_offers=True)[:, [one.id for one in best]]
    copied = crowd.scores(crowd.needs(), copies)
    assert (copied[honest > 0] < honest[honest > 0]).all()
    assert crowd.shares(copies).mean() <= 0.8 * shown[[one.id for one in best]].mean()


def seen_by_prober(need: NeedRecord, offer: OfferRecord) -> tuple[object, ...]:
    """All that an offerer learns of a need by one edit of its own offer."""
    match: Match = score_pair(need, offer, MODEL)
    states = tuple(rule.state for rule in match.eligibility)
    return (match.unmet, match.score, match.forward, match.backward, states,
            match.reasons, match.levers, match.facets)  # fmt: skip


def edits(band: Band) -> list[OfferRecord]:
    """Forty edits of an own offer that close in on the amount: rules and ranges that end inside."""
    assert band.high is not None
    ends = np.geomspace(band.low / 1.5, band.high * 1.5, 20).tolist()
    rules = [lender(criteria=(Criterion("amount_usd", "at_most", (end,), True),)) for end in ends]
    return rules + [lender(criteria=(), range=Band(1.0, end)) for end in ends]


def guess(need: NeedRecord, band: Band) -> float:
    """The middle between the last rule that shuts the need out and the first that is met."""
    shut, met = band.low / 1.5, (band.high or 0.0) * 1.5
    for offer in edits(band)[:20]:
        end = float(offer.criteria[0].values[0])
        state = check(need, offer)[0].state
        if state is State.UNMET:
            shut = max(shut, end)
        elif state is State.MET:
            met = min(met, end)
    return (shut * met) ** 0.5


def hits(guesses: Sequence[float], secrets: Sequence[float]) -> float:
    pairs = zip(guesses, secrets, strict=True)
    return float(np.mean([abs(guessed - secret) <= 0.25 * secret for guessed, secret in pairs]))


def test_forty_probes_tell_no_more_than_the_band_on_the_card() -> None:
    random = Random(7)
    for low, high in ((20_000.0, 50_000.0), (100_000.0, 200_000.0)):
        secrets = [low * (high / low) ** random.random() for _ in range(40)]
        bands = [usd_band(secret) for secret in secrets]
        needs = [mill(amount=Band(band.low, band.high)) for band in bands]
        prior = max(hits([x] * 40, secrets) for x in np.geomspace(low, high, 50).tolist())
        probed = hits([guess(need, Band(low, high)) for need in needs], secrets)
        assert probed <= prior + 5 * POINT
        seen = [[seen_by_prober(need, offer) for offer in edits(Band(low, high))]
                for need in needs[:3]]  # fmt: skip
        assert seen[0] == seen[1] == seen[2]
        # The same probes find nearly every amount where an engine reads it as it is.
        bare = [mill(amount=Band(secret, secret * 1.0001)) for secret in secrets]
        assert hits([guess(need, Band(low, high)) for need in bare], secrets) >= 0.95


def scores_in(index: Index, asking: Sequence[Record]) -> dict[tuple[int, int], float]:
    found = [match for record in asking for match in index.top(record, n=1000, near=1000).matches]
    return {(match.need_id, match.offer_id): match.score for match in found}


def test_an_erased_firm_leaves_no_trace() -> None:
    gone = crowd.needs()[5]
    left = [need for need in crowd.needs() if need.id != gone.id]
    with_it = [replace(offer, organisation_id=gone.organisation_id) for offer in crowd.offers()[:1]]
    offers = list(crowd.offers()[1:])
    index = Index.of(crowd.needs(), [*with_it, *offers], crowd.model(), number=1)
    before = scores_in(index, offers[:8])
    index.apply([Change(2, "need", gone.id, None), Change(3, "offer", with_it[0].id, None)])
    without = Index.of(left, offers, crowd.model())
    asking: list[Record] = [*left[:8], *offers[:8]]
    expected = scores_in(without, asking)
    assert any(need_id == gone.id for need_id, _ in before)
    assert scores_in(index, asking) == pytest.approx(expected, abs=1e-6)
    with tempfile.TemporaryDirectory() as folder:
        rebuilt = Index.build(left, offers, crowd.model(), Path(folder) / "index", 3)
        assert scores_in(rebuilt, asking) == pytest.approx(expected, abs=1e-6)


def test_history_forgets_the_deals_of_an_erased_firm() -> None:
    needs = {need.id: need for need in crowd.needs()[:20]}
    deals = [Outcome(at, at % 4, date(2026, 1, 1 + at)) for at in range(20)]
    left = {at: need for at, need in needs.items() if at != 5}
    offers, day = crowd.offers()[:4], date(2026, 6, 1)
    forgotten = as_of(offers, left, deals, day, profiles=True)
    never = [deal for deal in deals if deal.need_id != 5]
    assert forgotten == as_of(offers, left, never, day, profiles=True)
    assert forgotten != as_of(offers, needs, deals, day, profiles=True)
