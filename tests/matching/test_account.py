"""What a ranking tells beside the list: whom one fact alone closes, and who asks what is untold."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings

from matchmaker.matching.eligibility import State, service_fits
from matchmaker.matching.index import Index
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from tests.matching.markets import markets

MODEL = programme_model()
Market = tuple[list[NeedRecord], list[OfferRecord]]
Ids = dict[str, set[int]]


def by_pair(need: NeedRecord, offers: list[OfferRecord]) -> tuple[Ids, Ids]:
    """Offers that one fact alone closes, and open ones with an unknown rule, by its fact."""
    closed: Ids = defaultdict(set)
    unsure: Ids = defaultdict(set)
    for offer in offers:
        comparable = need.organisation_id != offer.organisation_id and service_fits(need, offer)
        if not comparable or not offer.deploying:
            continue
        rules = [
            rule for rule in score_pair(need, offer, MODEL).eligibility if rule.criterion.gates
        ]
        unmet = [rule for rule in rules if rule.closes]
        if len(unmet) == 1:
            closed[unmet[0].criterion.fact].add(offer.id)
        for rule in rules if not unmet else ():
            if rule.state is State.UNKNOWN:
                unsure[rule.criterion.fact].add(offer.id)
    return dict(closed), dict(unsure)


def told(found: dict[str, np.ndarray]) -> Ids:
    return {fact: set(ids.tolist()) for fact, ids in found.items()}


@pytest.mark.slow
@settings(max_examples=6)
@given(markets(most=6))
def test_doors_and_what_is_untold_are_those_of_the_pairs(market: Market) -> None:
    needs, offers = market
    index = Index.of(needs, offers, MODEL)
    for need in needs:
        ranking = index.top(need, n=0)
        closed, unsure = by_pair(need, offers)
        assert told(ranking.closed_by_one) == closed
        assert told(ranking.unsure_by) == unsure
        assert ranking.by_one == {fact: len(ids) for fact, ids in closed.items()}


@settings(max_examples=6)
@given(markets(most=6))
def test_some_of_the_best_are_explained_as_all_are(market: Market) -> None:
    needs, offers = market
    index = Index.of(needs, offers, MODEL)
    for need in needs:
        ranking = index.top(need, n=5)
        ids = {number for _, number in ranking.best[::2]}
        assert ranking.explained(ids) == tuple(
            match for match in ranking.matches if match.offer_id in ids
        )


@given(markets(most=6))
def test_who_stands_behind_the_list_is_explained_as_in_a_longer_one(market: Market) -> None:
    needs, offers = market
    index = Index.of(needs, offers, MODEL)
    for need in needs:
        whole = index.top(need, n=len(offers))
        ids = [offer.id for offer in offers[::2]]
        found = index.top(need, n=1).standing(ids)
        expected = {match.offer_id: match for match in whole.matches if match.offer_id in ids}
        assert {match.offer_id: match for match in found} == expected
        scores = [match.score for match in found]
        assert scores == sorted(scores, reverse=True)
