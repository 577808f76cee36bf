"""Everybody that stands for one record, with points but unexplained: for jobs on whole pools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchmaker.matching.encoding import KnownTexts, encode
from matchmaker.matching.gates import gates_of
from matchmaker.matching.index.crowd import Crowd
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.question import Question
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, Record
from matchmaker.matching.scoring import PointsOf, scores_of
from matchmaker.matching.side import Pairing


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows of the other side that no gate closes: ids, organisations, points, each (n,)."""

    ids: np.ndarray
    organisations: np.ndarray
    points: np.ndarray


def standing(
    record: Record,
    parts: Sequence[Part],
    model: Model,
    among: np.ndarray | None = None,
    known: KnownTexts | None = None,
    question: Question | None = None,
) -> Standing:
    """Return all that stand for a record, in no order; the points are those of its ranking.

    ``among``: ids to look at, None for all; ``known`` as in ``encode``; of a ``question`` its
    filters and who is closed count.
    """
    asked = question or Question()
    query = encode(record, model, known)
    found = [
        _of_part(
            Pairing(query, part.side, isinstance(record, NeedRecord)), part, model, asked, among
        )
        for part in parts
    ]
    return Standing(
        np.concatenate([one.ids for one in found]),
        np.concatenate([one.organisations for one in found]),
        np.concatenate([one.points for one in found]),
    )


def _of_part(
    pairing: Pairing, part: Part, model: Model, question: Question, among: np.ndarray | None
) -> Standing:
    side, gates, crowd = part.side, gates_of(pairing), Crowd(pairing, part)
    crowd.question(pairing, question, Counter())
    if among is not None:
        crowd.take_out(np.flatnonzero(~np.isin(side.ids, among)))
    stand = gates.unmet_kinds == 0
    if question.filters.only_met:
        stand &= gates.unsure_kinds == 0
    rows = np.sort(crowd.rows(stand))
    told = PointsOf(pairing, model, gates.preferences_of)
    kind = pairing.query.kind
    if len(rows) > len(side) // 2:
        # All texts at once are read by their words, which takes less than one by one.
        points = scores_of(told, model, kind, None).score[rows]
    else:
        points = scores_of(told, model, kind, rows).score
    return Standing(side.ids[rows], side.organisations[rows], points)
