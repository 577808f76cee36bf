"""Counting a month and putting the count in place of the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.extensions import clock, transactions
from matchmaker.programme.models import (
    COUNTS,
    REPLY_COLUMNS,
    Rollup,
    RollupAmount,
    RollupMonth,
    RollupPoints,
    RollupSum,
    RollupWait,
)
from matchmaker.programme.services.rollups import facts, parts, sights
from matchmaker.programme.services.rollups.cells import Cells, Part, add, cells_of, parts_of
from matchmaker.programme.services.rollups.facts import MonthFacts
from matchmaker.programme.services.rollups.months import month_of
from matchmaker.programme.services.rollups.sights import Sight

TABLES = (Rollup, RollupSum, RollupWait, RollupPoints, RollupAmount)
#: Rows of one INSERT: short enough for any driver's limit of parameters.
BATCH = 500
ATTEMPTS = 5

Rows = dict[Any, list[dict[str, Any]]]
#: What a row counts at least one of, or else is not there.
_LEFT: dict[Any, str] = {
    Rollup: "needs",
    RollupSum: "needs",
    RollupWait: "needs",
    RollupPoints: "requests",
    RollupAmount: "agreements",
}
_CELL = ("country", "province", "section", "size", "women", "kind", "code", "lang", "introducers")
_SUM = ("kind", "women", "dimension", "value")
_PLACE = ("province", "introducers", "kind", "women")
_POINTS = ("requests", "replies", "yes", "meetings", "agreements")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that reads the database as of one moment and keeps nobody from writing."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with transactions.reading_session(engine) as session:
        yield session


def recount(session: Session, engine: Engine, month: date) -> None:
    """Count the month and commit; of two at once the older count gives way and counts again."""
    for _attempt in range(ATTEMPTS):
        with snapshot(engine) as reading:
            version = reading.scalar(select(RollupMonth.version).where(RollupMonth.month == month))
            found = facts.of_month(reading, month)
        of_needs = parts_of(found)
        # Made before the lock is taken: nobody waits for it.
        rows = _rows(month, cells_of(of_needs.values()))
        part_rows = parts.rows({need_id: (month, part) for need_id, part in of_needs.items()})
        if _claim(session, month, version):
            _replace(session, month, rows)
            parts.replace_month(session, month, part_rows)
            sights.remember(session, month, clock.today(), found.sights)
            session.commit()
            return
        session.rollback()
    raise RuntimeError(f"the count of {month:%Y-%m} was overtaken {ATTEMPTS} times")


def recount_needs(session: Session, engine: Engine, ids: Collection[int]) -> set[date]:
    """Take off what some needs added before, add what they add now, and commit.

    Takes what these needs take, however many stand in their months; gives those months.
    """
    for _attempt in range(ATTEMPTS):
        with snapshot(engine) as reading:
            versions = dict(reading.execute(select(RollupMonth.month, RollupMonth.version)).all())  # type: ignore[arg-type]
            before = parts.read(reading, ids)
            found = facts.of_needs(reading, ids)
        after = _dated(found)
        moved = _moved(before, after)
        part_rows = parts.rows(after)
        if all(_claim(session, month, versions.get(month)) for month in sorted(moved)):
            for month, cells in moved.items():
                _move(session, month, cells)
            parts.replace_needs(session, ids, part_rows)
            _remember(session, found, after)
            session.commit()
            return {month for side in (before, after) for month, _ in side.values()}
        session.rollback()
    raise RuntimeError(f"the count of {len(ids)} needs was overtaken {ATTEMPTS} times")


def _dated(found: MonthFacts) -> dict[int, tuple[date, Part]]:
    months = {need.id: month_of(need.published_at) for need in found.needs}
    return {need_id: (months[need_id], part) for need_id, part in parts_of(found).items()}


def _moved(
    before: Mapping[int, tuple[date, Part]], after: Mapping[int, tuple[date, Part]]
) -> dict[date, Cells]:
    """By month, by how much each cell changes."""
    moved: dict[date, Cells] = defaultdict(Cells)
    for sign, side in ((-1, before), (1, after)):
        for need_id, (month, part) in side.items():
            if before.get(need_id) != after.get(need_id):
                add(moved[month], part, sign)
    return moved


def _remember(session: Session, found: MonthFacts, after: Mapping[int, tuple[date, Part]]) -> None:
    by_month: dict[date, dict[int, Sight]] = defaultdict(dict)
    for need_id, sight in found.sights.items():
        by_month[after[need_id][0]][need_id] = sight
    for month, of_needs in by_month.items():
        sights.remember(session, month, clock.today(), of_needs)


def _claim(session: Session, month: date, version: int | None) -> bool:
    """Take the month's next version unless it moved on since it was read."""
    if version is None:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        first = dialect.insert(RollupMonth).values(month=month, version=1, counted_at=clock.now())
        statement = first.on_conflict_do_nothing().returning(RollupMonth.version)
        return session.scalar(statement) is not None
    moved = session.scalar(
        update(RollupMonth)
        .where(RollupMonth.month == month, RollupMonth.version == version)
        .values(version=version + 1, counted_at=clock.now())
        .returning(RollupMonth.version)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _rows(month: date, cells: Cells) -> Rows:
    return {
        Rollup: _rollup_rows(month, cells),
        RollupSum: _sum_rows(month, cells),
        RollupWait: _wait_rows(month, cells),
        RollupPoints: _point_rows(month, cells),
        RollupAmount: _amount_rows(month, cells),
    }


def _replace(session: Session, month: date, rows: Rows) -> None:
    for table in TABLES:
        session.execute(delete(table).where(table.month == month))
        _insert(session, table, rows[table])


def _move(session: Session, month: date, cells: Cells) -> None:
    """Add to the cells of a month; a cell that nothing is left in goes."""
    rows = _rows(month, cells)
    for table in TABLES:
        _add(session, table, rows[table])
        left = getattr(table, _LEFT[table])
        session.execute(delete(table).where(table.month == month, left == 0))


def _add(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    columns = table.__table__.columns
    sums = {one.name: one + statement.excluded[one.name] for one in columns if not one.primary_key}
    keys = [one.name for one in columns if one.primary_key]
    upsert = statement.on_conflict_do_update(index_elements=keys, set_=sums)
    changing = [row for row in rows if any(row[name] for name in sums)]
    for at in range(0, len(changing), BATCH):
        session.execute(upsert, changing[at : at + BATCH])


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), BATCH):
        # The table, not its class: those rows would pass through the session's books.
        session.execute(insert(table.__table__), rows[at : at + BATCH])


def _rollup_rows(month: date, cells: Cells) -> list[dict[str, Any]]:
    return [
        {"month": month, **dict(zip(_CELL, key, strict=True)), **_counted(counts)}
        for key, counts in sorted(cells.rollup.items())
    ]


def _sum_rows(month: date, cells: Cells) -> list[dict[str, Any]]:
    return [
        {"month": month, **dict(zip(_SUM, key, strict=True)), **_counted(counts)}
        for key, counts in sorted(cells.sums.items())
    ]


def _wait_rows(month: date, cells: Cells) -> list[dict[str, Any]]:
    return [
        {"month": month, **dict(zip(_PLACE, place, strict=True)), "step": step, "bin": bin_,
         "needs": needs}
        for (place, step, bin_), needs in sorted(cells.waits.items())
    ]  # fmt: skip


def _point_rows(month: date, cells: Cells) -> list[dict[str, Any]]:
    return [
        {"month": month, **dict(zip(_PLACE, place, strict=True)), "band": band,
         **{name: counts[name] for name in _POINTS}}
        for (place, band), counts in sorted(cells.points.items())
    ]  # fmt: skip


def _amount_rows(month: date, cells: Cells) -> list[dict[str, Any]]:
    return [
        {"month": month, **dict(zip(_PLACE, place, strict=True)), "band": band,
         "currency": currency, "agreements": counts["agreements"], "minor": counts["minor"]}
        for (place, band, currency), counts in sorted(cells.amounts.items())
    ]  # fmt: skip


def _counted(counts: Any) -> dict[str, int]:
    return {name: counts[name] for name in (*COUNTS, *REPLY_COLUMNS)}
