"""Orders of a list other than by points: who came last, who was active last.

Only the rows of the page are scored: the order is that of one column.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchmaker.matching.index.account import Found, Group
from matchmaker.matching.index.question import Order
from matchmaker.matching.model import Model
from matchmaker.matching.scoring import scores_of


def by_column(
    groups: Sequence[Group],
    model: Model,
    order: Order,
    n: int,
    after: tuple[float, int] | None,
) -> list[Found]:
    """Return the first ``n`` open rows by a falling column, then by falling id, scored.

    ``newest``: ids, which are given in order of arrival; ``active``: how fresh a need's last sign
    of life is, whatever was left unanswered, those that gave none last. ``after``: the last
    (column, id) of the page before.
    """
    found = [
        one for group in groups for one in _scored(group, model, *_first(group, order, n, after))
    ]
    return sorted(found, key=_place)[:n]


def _place(one: Found) -> tuple[float, int]:
    return -(one.key or 0.0), -one.id


def _first(
    group: Group, order: Order, n: int, after: tuple[float, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first rows of a group behind ``after`` and their column, each (n,)."""
    side, rows = group.part.side, np.flatnonzero(group.open)
    ids = side.ids[rows]
    keys = ids.astype(np.float64)
    if order == "active":
        keys = np.nan_to_num(side.number("last_active")[rows], nan=0.0)
    if after is not None:
        last, last_id = after
        behind = (keys < last) | ((keys == last) & (ids < last_id))
        rows, keys, ids = rows[behind], keys[behind], ids[behind]
    if len(rows) > n:
        # Whoever shares the last place stays in until ids decide.
        least = np.partition(keys, -n)[-n]
        rows, keys, ids = (one[keys >= least] for one in (rows, keys, ids))
    chosen = np.lexsort((-ids, -keys))[:n]
    return rows[chosen], keys[chosen]


def _scored(group: Group, model: Model, rows: np.ndarray, keys: np.ndarray) -> list[Found]:
    if not len(rows):
        return []
    scores = scores_of(group.points, model, group.pairing.query.kind, rows).score
    ids = group.part.side.ids[rows]
    columns = zip(scores.tolist(), ids.tolist(), rows.tolist(), keys.tolist(), strict=True)
    return [Found(0, 0, score, 0, id_, group, at, key) for score, id_, at, key in columns]
