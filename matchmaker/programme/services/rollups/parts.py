"""What each need adds to its month, kept beside the sums so that it can be taken off again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from matchmaker.programme.models import RollupNeed
from matchmaker.programme.services.rollups.cells import CellKey, Part

Row = dict[str, Any]

#: Rows of one INSERT, ids of one IN: short enough for any driver's limit of parameters.
BATCH = 500


def read(session: Session, ids: Collection[int]) -> dict[int, tuple[date, Part]]:
    """By need, the month it stands in and what it adds there."""
    query = select(RollupNeed.need_id, RollupNeed.month, RollupNeed.part)
    rows = session.execute(query.where(RollupNeed.need_id.in_(ids)))
    return {need_id: (month, _from_json(part)) for need_id, month, part in rows}


def rows(parts: Mapping[int, tuple[date, Part]]) -> list[Row]:
    """What `replace_month` and `replace_needs` write."""
    return [
        {"need_id": need_id, "month": month, "part": _to_json(part)}
        for need_id, (month, part) in sorted(parts.items())
    ]


def replace_month(session: Session, month: date, made: list[Row]) -> None:
    session.execute(delete(RollupNeed).where(RollupNeed.month == month))
    # A need that was published anew has moved here from another month.
    replace_needs(session, [row["need_id"] for row in made], made)


def replace_needs(session: Session, ids: Collection[int], made: list[Row]) -> None:
    gone = sorted(ids)
    for at in range(0, len(gone), BATCH):
        session.execute(delete(RollupNeed).where(RollupNeed.need_id.in_(gone[at : at + BATCH])))
    for at in range(0, len(made), BATCH):
        session.execute(insert(cast(Table, RollupNeed.__table__)), made[at : at + BATCH])


def _to_json(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "counts": part.counts,
        "waits": part.waits,
        "points": list(part.points.items()),
        "amounts": [(*key, counts) for key, counts in part.amounts.items()],
    }


def _from_json(kept: Mapping[str, Any]) -> Part:
    return Part(
        key=cast(CellKey, tuple(kept["key"])),
        counts=Counter(kept["counts"]),
        waits=[(step, bin_) for step, bin_ in kept["waits"]],
        points={band: Counter(counts) for band, counts in kept["points"]},
        amounts={(band, currency): Counter(counts) for band, currency, counts in kept["amounts"]},
    )
