"""The ranking stage: masks, order and explanation of one query over the parts of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np

from matchmaker.matching.encoding import KnownTexts, encode
from matchmaker.matching.gates import gates_of
from matchmaker.matching.index.account import Account, Found, Group
from matchmaker.matching.index.best import Wanted, best_rows
from matchmaker.matching.index.crowd import Crowd
from matchmaker.matching.index.orders import by_column
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.question import Question
from matchmaker.matching.index.ties import turns_of
from matchmaker.matching.levers import FARTHEST, MOST_CHANGES
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, Record
from matchmaker.matching.scoring import PointsOf
from matchmaker.matching.side import Pairing


@dataclass(frozen=True)
class Ranking:
    """An answer: the best pairs in order, and an account of all others.

    ``used`` names the facets that made the score. ``left_out`` counts pairs by what closes them: a
    fact of a gate (a pair may fail several), ``service``, ``not_deploying``, ``filters``,
    ``closed``, ``unsure`` (only under ``only_met``). ``total`` counts all that stand, whatever
    ``n``; ``near_total`` those that one or two facts close, of offers only where the firm or
    time may change them. ``best`` and ``nearest`` are the
    (score, id) of the matches; matches are explained, and ``by_one`` is counted, when asked for.
    """

    best: tuple[tuple[float, int], ...]
    nearest: tuple[tuple[float, int], ...]
    left_out: dict[str, int]
    used: tuple[str, ...]
    total: int
    near_total: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: All of the same kind and of other organisations: what the list was chosen from.
    pool: int = 0
    #: Whose order of equal points it has.
    day: int | None = None
    account: Account = field(kw_only=True, compare=False, repr=False)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The best pairs with their facets, reasons and levers."""
        return self.account.explained(self.account.best)

    @cached_property
    def near(self) -> tuple[Match, ...]:
        """The near misses with theirs."""
        return self.account.explained(self.account.near)

    @cached_property
    def closed_by_one(self) -> dict[str, np.ndarray]:
        """Ids of the pairs that one fact alone closes, int64 (pairs,), by that fact."""
        return self.account.closed_by_one()

    @cached_property
    def by_one(self) -> dict[str, int]:
        """How many pairs one fact alone closes, by that fact."""
        return {fact: len(ids) for fact, ids in self.closed_by_one.items()}

    @cached_property
    def unsure_by(self) -> dict[str, np.ndarray]:
        """Ids of those that stand with a rule not known to be met, int64 (pairs,), by its fact."""
        return self.account.open_unsure()

    def explained(self, ids: Collection[int]) -> tuple[Match, ...]:
        """The matches of some of the best by id, in their order; the others are left alone."""
        return self.account.explained([one for one in self.account.best if one.id in ids])

    def standing(self, ids: Collection[int]) -> tuple[Match, ...]:
        """The matches of these ids that stand, the best first, also of those behind the list."""
        return self.account.standing(ids)

    @property
    def next_after(self) -> tuple[float, int] | None:
        """The (score, id), or what else it is ordered by, to ask on from; None on an empty page."""
        if not self.account.best:
            return None
        last = self.account.best[-1]
        return last.score if last.key is None else last.key, last.id


def rank(
    record: Record,
    parts: Sequence[Part],
    model: Model,
    question: Question,
    known: KnownTexts | None = None,
) -> Ranking:
    """Rank the parts' rows for a record: exact, by falling score, then by turns of the day.

    ``known`` as in ``encode``.
    """
    asks = isinstance(record, NeedRecord)
    asked = question.n or question.near
    # Gates read no text: counting alone is spared the work of encoding it.
    query = encode(record if asked else replace(record, text=""), model, known)
    left_out: Counter[str] = Counter()
    groups = [
        _stand(Pairing(query, part.side, asks), model, part, question, left_out) for part in parts
    ]
    best = _best(groups, model, question)
    near = _nearest(groups, model, Wanted(question.near, day=question.day))
    counts: dict[str, Counter[str]] = {attr: Counter() for attr in question.count}
    for item in groups:
        for attr, counter in counts.items():
            counter.update(item.part.counts(attr, item.open))
    return Ranking(
        best=tuple((found.score, found.id) for found in best),
        nearest=tuple((found.score, found.id) for found in near),
        left_out={gate: n for gate, n in left_out.items() if n},
        used=groups[0].points.names,
        total=sum(item.crowd.of(item.stand) for item in groups),
        near_total=sum(item.crowd.of(item.nearly) for item in groups),
        counts={attr: dict(counter) for attr, counter in counts.items()},
        pool=sum(item.crowd.pool for item in groups),
        day=question.day,
        account=Account(record, model, best, near, groups),
    )


def _stand(
    pairing: Pairing, model: Model, part: Part, question: Question, left_out: Counter[str]
) -> Group:
    gates = gates_of(pairing)
    crowd = Crowd(pairing, part)
    crowd.question(pairing, question, left_out)
    for fact, closed in gates.closed_kinds.items():
        left_out[fact] += crowd.of(closed)
    shut = gates.unmet_kinds
    stand, near = shut == 0, (shut > 0) & (shut <= MOST_CHANGES)
    if question.filters.only_met:
        sure = gates.unsure_kinds == 0
        left_out["unsure"] += crowd.of(stand & ~sure)
        stand &= sure
    points = PointsOf(pairing, model, gates.preferences_of)
    return Group(part, pairing, gates, points, crowd, stand, near)


def _best(groups: Sequence[Group], model: Model, question: Question) -> list[Found]:
    if question.order != "score":
        return by_column(groups, model, question.order, question.n, question.after)
    wanted = Wanted(question.n, question.after, question.day)
    found = [
        one for item in groups for one in _ranked(item, model, item.crowd.rows(item.stand), wanted)
    ]
    # Of one part they are in order already.
    return found if len(groups) == 1 else sorted(found, key=_place)[: question.n]


def _place(one: Found) -> tuple[int, int, float, int]:
    return one.order


def _nearest(groups: Sequence[Group], model: Model, wanted: Wanted) -> list[Found]:
    """Return near misses: first what a firm can change, last what it is; then by fewer facts."""
    found: list[Found] = []
    for distance, unmet in product(range(FARTHEST + 1), range(1, MOST_CHANGES + 1)):
        for item in groups if len(found) < wanted.n else ():
            chosen = item.close & (item.distance == distance) & (item.gates.unmet_kinds == unmet)
            found += _ranked(item, model, item.crowd.rows(chosen), wanted, distance, unmet)
    return sorted(found, key=_place)[: wanted.n]


def _ranked(
    item: Group,
    model: Model,
    rows: np.ndarray,
    wanted: Wanted,
    distance: int = 0,
    unmet: int = 0,
) -> list[Found]:
    if not wanted.n or not len(rows):
        return []
    ids = item.part.side.ids
    best, scores = best_rows(item.points, model, item.pairing.query.kind, rows, ids, wanted)
    own = ids[best]
    columns = (column.tolist() for column in (scores, turns_of(own, wanted.day), own, best))
    return [
        Found(distance, unmet, score, turn, id_, item, at)
        for score, turn, id_, at in zip(*columns, strict=True)
    ]
