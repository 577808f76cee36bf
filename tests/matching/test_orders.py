"""Another order holds the same pairs with the same scores, page by page; standing can be asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.matching.index import Change, Filters, Index, Order, Question
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Activity, NeedRecord, OfferRecord
from tests.matching.markets import lender, mill

MODEL = programme_model()
#: Days since each gave a sign of life: shared, out of order, and never.
AGO = (3, None, 0, 3, 40, 0, None, 3, 7)


def active(need: NeedRecord) -> tuple[float, int]:
    ago = need.activity.days_since
    return (float("inf") if ago is None else ago), -need.id


def test_each_order_pages_through_all_that_stand() -> None:
    needs = [
        mill(id=at, organisation_id=10 + at, activity=Activity(days_since=ago, unanswered=at % 3))
        for at, ago in enumerate(AGO, 1)
    ]
    index, offer = Index.of(needs[::2], [], MODEL), lender()
    # Half of them in the changed part: an order holds over both.
    index.apply([Change(at, "need", one.id, one) for at, one in enumerate(needs[1::2], 1)])
    scores = {match.need_id: match.score for match in index.top(offer, n=50).matches}
    assert len(scores) == len(AGO)
    newest = [(one.id, scores[one.id]) for one in reversed(needs)]
    assert walk(index, offer, "newest") == newest
    assert walk(index, offer, "active") == [
        (one.id, scores[one.id]) for one in sorted(needs, key=active)
    ]


def walk(index: Index, offer: OfferRecord, order: Order) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    after = None
    while True:
        page = index.top(offer, n=3, after=after, order=order)
        if not page.matches:
            return found
        found += [(match.need_id, match.score) for match in page.matches]
        after = page.next_after


@pytest.mark.parametrize("only_met", [False, True])
def test_standing_goes_by_filters_and_by_who_is_closed(only_met: bool) -> None:
    """The list and the count of who came lately are of the same firms."""
    needs = [mill(id=at, organisation_id=10 + at) for at in range(1, 7)]
    needs[3] = replace(needs[3], facts={})
    index, offer = Index.of(needs, [], MODEL), lender()
    question = Question(Filters(only_met=only_met), closed=[1], closed_organisations=[12])
    ranking = index.top(offer, question.filters, n=10, closed=[1], closed_organisations=[12])
    stands = index.standing(offer, np.array([1, 2, 3, 4, 5]), question)
    assert set(stands.ids.tolist()) == {m.need_id for m in ranking.matches} - {6}
    assert set(stands.ids.tolist()) == ({3, 5} if only_met else {3, 4, 5})
