"""Models held against each other on what came after a day, over what pages would have listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.matching.encoding import encode
from matchmaker.matching.gates import gates_of
from matchmaker.matching.learning.history import Outcome
from matchmaker.matching.lines import Line, Ranks, lines_of
from matchmaker.matching.listed import listed_rows
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_rows
from matchmaker.matching.side import Pairing, Side
from matchmaker.matching.yardstick import LOGISTIC, fit_yardstick, raw_of

NEED_TO_OFFER, OFFER_TO_NEED = "need -> offer", "offer -> need"
#: Single facets shown beside the models, as what they must beat.
WORDS, ACTIVITY = "words", "activity"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Later:
    """What came after a day: who could be listed, who said yes, and which pairs do not count.

    ``active``: the same offers with the activity they had on that day. ``closed``: (need, offer)
    ids of pairs that were decided before or could not be listed yet.
    """

    needs: Sequence[NeedRecord]
    offers: Sequence[OfferRecord]
    active: Sequence[OfferRecord]
    yes: Collection[Pair]
    closed: Collection[Pair]


def compare(
    later: Later,
    models: Mapping[str, Model],
    outcomes: Sequence[Outcome] = (),
    *,
    seed: int = 7,
) -> tuple[Line, ...]:
    """Return the lines of every model, then of words and of recent activity alone, both ways.

    With earlier ``outcomes`` the yardstick of learning, fitted on them, stands last.

    The first model leads; its line's figures come first and others say how far it is ahead. Single
    facets are scaled as the programme's own weights scale them, with the last model's idf. Pairs
    that a page would not list (another kind, a rule not met, the same organisation) are ranked by
    nobody. Relevant is who said yes.
    """
    last = list(models.values())[-1]
    plain = replace(programme_model(), idf=last.idf, pool=last.pool)
    pools = {name: _pool(later.offers, model) for name, model in models.items()}
    active = _pool(later.active, plain)
    shape = (len(later.needs), len(later.offers))
    scores = {name: np.empty(shape) for name in (*models, WORDS, ACTIVITY)}
    shown = np.zeros(shape, bool)
    for at, need in enumerate(later.needs):
        asked = Pairing(encode(need, plain), active, asks=True)
        gates = gates_of(asked)
        shown[at] = listed = listed_rows(asked, gates)
        points = score_rows(asked, plain, gates.preferences).points
        found = {WORDS: points["text"], ACTIVITY: points["activity"]} | {
            name: _row(need, pools[name], model, gates.preferences)
            for name, model in models.items()
        }
        for name, row in found.items():
            scores[name][at] = np.where(listed, row, -np.inf)
    relevant, closed = (_marked(later, pairs) for pairs in (later.yes, later.closed))
    ranked: dict[str, Ranks] = {
        name: np.where(closed, -np.inf, matrix) for name, matrix in scores.items()
    }
    if outcomes:
        there, back = _logistic(later, last, outcomes, seed)
        out = closed | ~shown
        ranked[LOGISTIC] = (np.where(out, -np.inf, there), np.where(out, -np.inf, back))
    return lines_of(ranked, relevant, (NEED_TO_OFFER, OFFER_TO_NEED), seed=seed)


def _logistic(
    later: Later, model: Model, outcomes: Sequence[Outcome], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the yardstick's scores each way, kind by kind, of those alone whom somebody chose.

    Nobody else is a query, and facets of every pair at once would take too much memory.
    """
    there, back = (np.full((len(later.needs), len(later.offers)), -np.inf) for _ in range(2))
    chose = {need_id for need_id, _ in later.yes}, {offer_id for _, offer_id in later.yes}
    for kind in {need.kind for need in later.needs}:
        rows = [at for at, need in enumerate(later.needs) if need.kind == kind]
        columns = [at for at, offer in enumerate(later.offers) if offer.kind == kind]
        needs, offers = [later.needs[at] for at in rows], [later.offers[at] for at in columns]
        ids = {need.id for need in needs}
        own = [one for one in outcomes if one.need_id in ids]
        found = fit_yardstick(model, needs, offers, own, history=False, seed=seed)
        asking = [at for at in rows if later.needs[at].id in chose[0]]
        asked = [at for at in columns if later.offers[at].id in chose[1]]
        if found is None or not asking or not asked:
            continue
        raw = raw_of(model, [later.needs[at] for at in asking], offers)
        there[np.ix_(asking, columns)] = found.scores(raw)[0]
        raw = raw_of(model, needs, [later.offers[at] for at in asked])
        back[np.ix_(rows, asked)] = found.scores(raw)[1]
    return there, back


def _row(need: NeedRecord, pool: Side, model: Model, preferences: np.ndarray) -> np.ndarray:
    pairing = Pairing(encode(need, model), pool, asks=True)
    return score_rows(pairing, model, preferences).score


def _pool(offers: Sequence[OfferRecord], model: Model) -> Side:
    return Side.build([encode(offer, model) for offer in offers])


def _marked(later: Later, pairs: Collection[Pair]) -> np.ndarray:
    rows = {need.id: at for at, need in enumerate(later.needs)}
    columns = {offer.id: at for at, offer in enumerate(later.offers)}
    marked = np.zeros((len(rows), len(columns)), bool)
    for need_id, offer_id in pairs:
        if need_id in rows and offer_id in columns:
            marked[rows[need_id], columns[offer_id]] = True
    return marked
