"""The ranking stage: masks, order and explanation of one query over the parts of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from matchmaker.matching.encoding import Row, encode
from matchmaker.matching.gates import Gates, gates_of
from matchmaker.matching.index.filters import Filters, mask_of
from matchmaker.matching.index.part import Part
from matchmaker.matching.levers import MOST_CHANGES
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record
from matchmaker.matching.scoring import Scores, explain, score_rows
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
    ``n``; ``near_total`` those that one or two facts close.
    """

    matches: tuple[Match, ...]
    near: tuple[Match, ...]
    left_out: dict[str, int]
    used: tuple[str, ...]
    total: int
    near_total: int
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


@dataclass
class _Scored:
    part: Part
    gates: Gates
    #: None where only counts are asked for: the gates alone decide who stands.
    scores: Scores | None
    open: np.ndarray
    near: np.ndarray
    pool: int


def rank(record: Record, parts: Sequence[Part], model: Model, question: Question) -> Ranking:
    """Rank the parts' rows for a record: exact, by falling score, then rising id."""
    asks = isinstance(record, NeedRecord)
    query = encode(record, model)
    left_out: Counter[str] = Counter()
    scored = [_score(query, part, model, question, asks, left_out) for part in parts]
    best = _best(scored, question)
    near = _nearest(scored, question.near)
    counts: dict[str, Counter[str]] = {attr: Counter() for attr in question.count}
    for item in scored:
        for attr, counter in counts.items():
            counter.update(item.part.counts(attr, item.open))
    return Ranking(
        matches=tuple(_explain(record, model, *found) for found in best),
        near=tuple(_explain(record, model, *found) for found in near),
        left_out={gate: n for gate, n in left_out.items() if n},
        used=model.facets(record.kind),
        total=sum(int(item.open.sum()) for item in scored),
        near_total=sum(int(item.near.sum()) for item in scored),
        counts={attr: dict(counter) for attr, counter in counts.items()},
        pool=sum(item.pool for item in scored),
        _ids=tuple(int(item.part.side.ids[at]) for item, at in best),
    )


def _score(
    query: Row, part: Part, model: Model, question: Question, asks: bool, left_out: Counter[str]
) -> _Scored:
    pairing = Pairing(query, part.side, asks)
    scores = score_rows(pairing, model) if question.n or question.near else None
    gates = scores.gates if scores else gates_of(pairing)
    mask = _comparable(pairing, part)
    standing = _candidates(pairing, mask, question, left_out)
    for fact, closed in gates.closed_by.items():
        left_out[fact] += int((closed & standing).sum())
    open_rows = standing & (gates.unmet == 0)
    if question.filters.only_met:
        left_out["unsure"] += int((open_rows & (gates.unsure > 0)).sum())
        open_rows &= gates.unsure == 0
    near = standing & (gates.unmet > 0) & (gates.unmet <= MOST_CHANGES)
    return _Scored(part, gates, scores, open_rows, near, int(mask.sum()))


def _comparable(pairing: Pairing, part: Part) -> np.ndarray:
    """Return the rows that stand, of the same kind and of other organisations."""
    side, query = part.side, pairing.query
    mask = part.alive & (side.kinds == KINDS.index(query.kind))
    return mask & (side.organisations != query.organisation_id)


def _candidates(
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


def _best(scored: Sequence[_Scored], question: Question) -> list[tuple[_Scored, int]]:
    found: list[tuple[float, int, _Scored, int]] = []
    for item in scored:
        if item.scores is None:
            continue
        score, ids = item.scores.score, item.part.side.ids
        mask = item.open
        if question.after is not None:
            last, last_id = question.after
            mask = mask & ((score < last) | ((score == last) & (ids > last_id)))
        rows = np.flatnonzero(mask)
        if 0 < question.n < len(rows):
            worst = np.partition(score[rows], len(rows) - question.n)[len(rows) - question.n]
            rows = rows[score[rows] >= worst]
        rows = rows[np.lexsort((ids[rows], -score[rows]))][: question.n]
        found += [(-float(score[at]), int(ids[at]), item, int(at)) for at in rows]
    found.sort(key=lambda entry: entry[:2])
    return [(item, at) for _, _, item, at in found[: question.n]]


def _nearest(scored: Sequence[_Scored], n: int) -> list[tuple[_Scored, int]]:
    found: list[tuple[int, float, int, _Scored, int]] = []
    for item in scored:
        if item.scores is None:
            continue
        rows = np.flatnonzero(item.near)
        unmet, score = item.gates.unmet[rows], item.scores.score[rows]
        ids = item.part.side.ids[rows]
        found += [
            (int(unmet[at]), -float(score[at]), int(ids[at]), item, int(rows[at]))
            for at in np.lexsort((ids, -score, unmet))[:n]
        ]
    found.sort(key=lambda entry: entry[:3])
    return [(item, at) for *_, item, at in found[:n]]


def _explain(record: Record, model: Model, item: _Scored, at: int) -> Match:
    other, scores = item.part.records[at], cast(Scores, item.scores)
    if isinstance(record, NeedRecord):
        return explain(record, cast(OfferRecord, other), model, scores, at)
    return explain(cast(NeedRecord, other), record, model, scores, at)
