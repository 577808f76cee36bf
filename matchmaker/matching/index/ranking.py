"""The ranking stage: masks, order and explanation of one query over the parts of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import cast

import numpy as np

from matchmaker.matching.encoding import encode
from matchmaker.matching.gates import Gates, gates_of
from matchmaker.matching.index.best import Wanted, best_rows
from matchmaker.matching.index.filters import Filters, mask_of
from matchmaker.matching.index.part import Part
from matchmaker.matching.levers import MOST_CHANGES, in_reach
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record
from matchmaker.matching.scoring import explain, score_rows
from matchmaker.matching.side import KINDS, Pairing


@dataclass(frozen=True)
class Question:
    """What is asked of an index for one record."""

    filters: Filters = field(default_factory=Filters)
    n: int = 20
    #: Last (score, id) of the page before; the answer continues behind it.
    after: tuple[float, int] | None = None
    #: Ids of the other side that are closed to this record (declined, "not for me").
    closed: Collection[int] = ()
    #: Organisations of the other side that are closed to this record.
    closed_organisations: Collection[int] = ()
    #: How many near misses to explain, each with its lever.
    near: int = 0
    #: Attributes whose codes are counted among the matches.
    count: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """An answer: the best pairs in order, and an account of all others.

    ``used`` names the facets that made the score. ``left_out`` counts pairs by what closes them: a
    fact of a gate (a pair may fail several), ``service``, ``not_deploying``, ``filters``,
    ``closed``, ``unsure`` (only under ``only_met``). ``total`` counts all that stand, whatever
    ``n``; ``near_total`` those that one or two facts close, ``by_one`` those that one fact alone
    closes, by that fact.
    """

    matches: tuple[Match, ...]
    near: tuple[Match, ...]
    left_out: dict[str, int]
    used: tuple[str, ...]
    total: int
    near_total: int
    by_one: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: All of the same kind and of other organisations: what the list was chosen from.
    pool: int = 0

    @property
    def next_after(self) -> tuple[float, int] | None:
        """The (score, id) to ask on from; None on an empty page."""
        if not self.matches:
            return None
        last = self.matches[-1]
        return last.score, self._ids[-1]

    _ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Standing:
    """Who of a part stands, by the gates alone."""

    part: Part
    pairing: Pairing
    gates: Gates
    open: np.ndarray
    near: np.ndarray
    #: Closed by something that a firm can do nothing about.
    hard: np.ndarray
    pool: int


@dataclass(frozen=True)
class _Found:
    """A row for the page: in order of what closes it, falling score, rising id."""

    hard: bool
    unmet: int
    score: float
    id: int
    standing: _Standing
    at: int

    @property
    def order(self) -> tuple[bool, int, float, int]:
        return self.hard, self.unmet, -self.score, self.id


def rank(record: Record, parts: Sequence[Part], model: Model, question: Question) -> Ranking:
    """Rank the parts' rows for a record: exact, by falling score, then rising id."""
    asks = isinstance(record, NeedRecord)
    asked = question.n or question.near
    # Gates read no text: counting alone is spared the work of encoding it.
    query = encode(record if asked else replace(record, text=""), model)
    left_out: Counter[str] = Counter()
    standing = [_stand(Pairing(query, part.side, asks), part, question, left_out) for part in parts]
    best = _best(standing, model, question)
    near = _nearest(standing, model, question.near)
    counts: dict[str, Counter[str]] = {attr: Counter() for attr in question.count}
    for item in standing:
        for attr, counter in counts.items():
            counter.update(item.part.counts(attr, item.open))
    return Ranking(
        matches=tuple(_explain(record, model, best)),
        near=tuple(_explain(record, model, near)),
        left_out={gate: n for gate, n in left_out.items() if n},
        used=model.facets(record.kind),
        total=sum(int(item.open.sum()) for item in standing),
        near_total=sum(int(item.near.sum()) for item in standing),
        by_one=_by_one(standing),
        counts={attr: dict(counter) for attr, counter in counts.items()},
        pool=sum(item.pool for item in standing),
        _ids=tuple(found.id for found in best),
    )


def _stand(pairing: Pairing, part: Part, question: Question, left_out: Counter[str]) -> _Standing:
    gates = gates_of(pairing)
    mask = comparable(pairing, part)
    standing = candidates(pairing, mask, question, left_out)
    for fact, closed in gates.closed_by.items():
        left_out[fact] += int((closed & standing).sum())
    open_rows = standing & (gates.unmet == 0)
    if question.filters.only_met:
        left_out["unsure"] += int((open_rows & (gates.unsure > 0)).sum())
        open_rows &= gates.unsure == 0
    near = standing & (gates.unmet > 0) & (gates.unmet <= MOST_CHANGES)
    hard = np.zeros(len(near), bool)
    for fact, closed in gates.closed_by.items():
        if not in_reach(fact):
            hard |= closed
    return _Standing(part, pairing, gates, open_rows, near, hard, int(mask.sum()))


def comparable(pairing: Pairing, part: Part) -> np.ndarray:
    """Return the rows that stand, of the same kind and of other organisations."""
    side, query = part.side, pairing.query
    mask = part.alive & (side.kinds == KINDS.index(query.kind))
    return mask & (side.organisations != query.organisation_id)


def candidates(
    pairing: Pairing, mask: np.ndarray, question: Question, left_out: Counter[str]
) -> np.ndarray:
    """Return the rows to be compared at all, counting what is taken out in turn."""
    side = pairing.pool
    closed = np.isin(side.ids, _numbers(question.closed))
    closed |= np.isin(side.organisations, _numbers(question.closed_organisations))
    steps = [("closed", ~closed), ("service", _same_service(pairing))]
    if pairing.asks:
        steps.append(("not_deploying", pairing.offer("deploying") != 0.0))
    steps.append(("filters", mask_of(question.filters, side, needs=not pairing.asks)))
    for name, passes in steps:
        left_out[name] += int((mask & ~passes).sum())
        mask = mask & passes
    return mask


def _numbers(ids: Collection[int]) -> np.ndarray:
    return np.fromiter(ids, np.int64, len(ids))


def _same_service(pairing: Pairing) -> np.ndarray:
    """Return ``eligibility.service_fits`` for every row."""
    if pairing.query.kind == "finance":
        return np.ones(len(pairing.pool), bool)
    unsaid = np.isnan(pairing.need("code") + pairing.offer("code"))
    return unsaid | (pairing.greatest("code", "code") >= 1.0)


def _by_one(standing: Sequence[_Standing]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for item in standing:
        alone = item.near & (item.gates.unmet == 1)
        for fact, closed in item.gates.closed_by.items():
            counts[fact] += int(np.count_nonzero(closed & alone))
    return {fact: n for fact, n in counts.items() if n}


def _best(standing: Sequence[_Standing], model: Model, question: Question) -> list[_Found]:
    wanted = Wanted(question.n, question.after)
    found = [
        one for item in standing for one in _ranked(item, model, np.flatnonzero(item.open), wanted)
    ]
    return sorted(found, key=lambda one: one.order)[: question.n]


def _nearest(standing: Sequence[_Standing], model: Model, n: int) -> list[_Found]:
    """Return near misses: first what a firm can change, then what fewer facts close."""
    found: list[_Found] = []
    for hard, unmet in product((False, True), range(1, MOST_CHANGES + 1)):
        for item in standing if len(found) < n else ():
            rows = np.flatnonzero(item.near & (item.hard == hard) & (item.gates.unmet == unmet))
            found += _ranked(item, model, rows, Wanted(n))
    return sorted(found, key=lambda one: one.order)[:n]


def _ranked(item: _Standing, model: Model, rows: np.ndarray, wanted: Wanted) -> list[_Found]:
    if not wanted.n or not len(rows):
        return []
    best, scores = best_rows(item.pairing, model, item.gates.preferences, rows, wanted)
    ids = item.part.side.ids[best]
    columns = (item.hard[best], item.gates.unmet[best], scores, ids, best)
    listed = zip(*(column.tolist() for column in columns), strict=True)
    return [_Found(hard, unmet, score, id_, item, at) for hard, unmet, score, id_, at in listed]


def _explain(record: Record, model: Model, found: Sequence[_Found]) -> list[Match]:
    matches: dict[int, Match] = {}
    for item in {id(one.standing): one.standing for one in found}.values():
        of_item = [one for one in found if one.standing is item]
        rows = np.array([one.at for one in of_item], np.int64)
        scores = score_rows(item.pairing.of(rows), model, item.gates.preferences[rows])
        for at, one in enumerate(of_item):
            other = item.part.records[one.at]
            asks = isinstance(record, NeedRecord)
            pair = (record, other) if asks else (other, record)
            need, offer = cast(tuple[NeedRecord, OfferRecord], pair)
            matches[id(one)] = explain(need, offer, model, scores, at)
    return [matches[id(one)] for one in found]
