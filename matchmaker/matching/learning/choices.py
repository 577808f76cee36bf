"""Choice sets from outcomes: who was chosen from whom, seen with the history of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from matchmaker.matching.encoding import encode_all
from matchmaker.matching.learning.calibration import stacked_raw
from matchmaker.matching.learning.history import Outcome, as_of
from matchmaker.matching.listed import listed_rows
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side

#: How many rows like it a refused row stands for beside its own, at weight -1.
REFUSED = 4.0
#: Blocks of outcomes seen with one day's history, the share of the first outcomes kept as history
#: only, and the others drawn into a choice beside those chosen.
BLOCKS, FIRST, OTHERS = 6, 0.3, 60
#: Pairs of a block that are looked at: bounds time and memory, and is plenty for a hundred steps.
MOST_PAIRS = 2_000_000


@dataclass(frozen=True)
class Seen:
    """One block: raw facets by name (needs, offers), who came together, which pairs are new.

    Pairs that no page lists are not new either: nobody chose against them.
    """

    raw: Mapping[str, np.ndarray]
    chosen: np.ndarray
    new: np.ndarray


@dataclass(frozen=True)
class Choices:
    """Choice sets end to end: ``raw`` (rows, facets), set ``starts``, weights of chosen rows.

    ``offsets`` (rows,) make a refused row stand for several, see ``logit.Sets``.
    """

    names: tuple[str, ...]
    raw: np.ndarray
    starts: np.ndarray
    chosen: np.ndarray
    offsets: np.ndarray

    @property
    def sets(self) -> np.ndarray:
        """Number of the set each row belongs to, int (rows,)."""
        lengths = np.diff(np.append(self.starts, len(self.raw)))
        return np.repeat(np.arange(len(self.starts)), lengths)


def blocks_of(outcomes: Sequence[Outcome], history_only: float = FIRST) -> list[tuple[date, date]]:
    """Return up to six spans [from, until) of days that hold like numbers of later outcomes.

    ``history_only``: share of the first outcomes that lie in no span, in [0, 1).
    """
    days = sorted(outcome.on for outcome in outcomes)
    if not days:
        return []
    first = int(len(days) * history_only)
    at = [first + (len(days) - first) * block // BLOCKS for block in range(BLOCKS)]
    starts = sorted({days[place] for place in at})
    return list(zip(starts, [*starts[1:], days[-1] + timedelta(days=1)], strict=True))


def look(
    model: Model,
    needs: Mapping[int, NeedRecord],
    offers: Sequence[OfferRecord],
    outcomes: Sequence[Outcome],
    span: tuple[date, date],
    *,
    history: bool = True,
) -> Seen | None:
    """Return the pairs of the needs that were answered in a span, as its first day showed them.

    Every history figure, and every profile made from history, is as of that first day, so no pair
    has a part in what is said about it. Pairs of firms that had dealt before are not new. Without
    ``history`` the offers are taken as they are: for records that hold nothing of these outcomes.
    """
    start, end = span
    answered = [one for one in outcomes if start <= one.on < end]
    rows = _drawn_rows([one.need_id for one in answered], len(offers))
    if not rows:
        return None
    then = as_of(offers, needs, outcomes, start, profiles=True) if history else list(offers)
    columns = {offer.id: at for at, offer in enumerate(then)}
    asked = [needs[need_id] for need_id in rows]
    shape = (len(rows), len(then))
    pool = Side.build(encode_all(then, model))
    pairings = [Pairing(need, pool, asks=True) for need in encode_all(asked, model)]
    raw = {name: x.reshape(shape) for name, x in stacked_raw(model, pairings).items()}
    chosen = np.zeros(shape)
    for one in answered:
        if one.need_id in rows:
            chosen[rows[one.need_id], columns[one.offer_id]] = one.weight
    new = _new(asked, columns, needs, outcomes, start)
    listed = np.array([listed_rows(pairing) for pairing in pairings])
    return Seen(raw, chosen, new & (listed | (chosen > 0)))


def _drawn_rows(answered: Sequence[int], offers: int) -> dict[int, int]:
    """Return the rows of the needs that are looked at, evenly drawn where they are too many."""
    every = list(dict.fromkeys(answered))
    most = max(MOST_PAIRS // max(offers, 1), 1)
    if len(every) > most:
        every = [every[at] for at in np.linspace(0, len(every) - 1, most).astype(int).tolist()]
    return {need_id: at for at, need_id in enumerate(every)}


def _new(
    asked: Sequence[NeedRecord],
    columns: Mapping[int, int],
    needs: Mapping[int, NeedRecord],
    outcomes: Sequence[Outcome],
    start: date,
) -> np.ndarray:
    dealt: dict[int, set[int]] = {}
    for one in outcomes:
        if one.on < start:
            dealt.setdefault(needs[one.need_id].organisation_id, set()).add(columns[one.offer_id])
    new = np.ones((len(asked), len(columns)), bool)
    for at, need in enumerate(asked):
        new[at, list(dealt.get(need.organisation_id, ()))] = False
    return new


def choices_of(
    seen: Sequence[Seen], names: tuple[str, ...], *, by_offer: bool, seed: int
) -> Choices:
    """Return a choice set per need (its chosen offers among others), or per offer and block.

    Others are drawn evenly, at most 60 a set: the conditional logit stays consistent under even
    sampling of what was not chosen (McFadden 1978). Refused ones (weight below 0) are all kept
    and stand for up to five of their like, as the importance weight of a case does.
    """
    random = np.random.default_rng(seed)
    raw: list[np.ndarray] = []
    chosen: list[np.ndarray] = []
    for block in seen:
        facets = np.stack([block.raw[name] for name in names], axis=-1)
        picks, new = block.chosen, block.new
        if by_offer:
            facets, picks, new = facets.transpose(1, 0, 2), picks.T, new.T
        for at in np.flatnonzero(((picks > 0) & new).any(axis=1)).tolist():
            own = np.flatnonzero((picks[at] != 0) & new[at])
            others = np.flatnonzero((picks[at] == 0) & new[at])
            if len(others) > OTHERS:
                others = random.choice(others, OTHERS, replace=False)
            rows = np.concatenate([own, others])
            raw.append(facets[at, rows])
            chosen.append(picks[at, rows])
    lengths = [len(rows) for rows in chosen]
    weights = np.concatenate(chosen) if chosen else np.empty(0)
    return Choices(
        names=names,
        raw=np.concatenate(raw) if raw else np.empty((0, len(names))),
        starts=np.cumsum([0, *lengths])[:-1].astype(np.int64),
        chosen=np.maximum(weights, 0.0),
        offsets=np.log1p(REFUSED * np.maximum(-weights, 0.0)),
    )
