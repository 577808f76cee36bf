"""Counting a month and putting the count in place of the one before."""

from __future__ import annotations

from collections.abc import Iterator
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
from matchmaker.programme.services.rollups import facts, sights
from matchmaker.programme.services.rollups.cells import Cells, cells_of

TABLES = (Rollup, RollupSum, RollupWait, RollupPoints, RollupAmount)
#: Rows of one INSERT: short enough for any driver's limit of parameters.
BATCH = 500
ATTEMPTS = 5

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
            found = facts.read(reading, month)
        cells = cells_of(found)
        if _claim(session, month, version):
            _replace(session, month, cells)
            sights.remember(session, month, clock.today(), found.sights)
            session.commit()
            return
        session.rollback()
    raise RuntimeError(f"the count of {month:%Y-%m} was overtaken {ATTEMPTS} times")


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


def _replace(session: Session, month: date, cells: Cells) -> None:
    for table in TABLES:
        session.execute(delete(table).where(table.month == month))
    _insert(session, Rollup, _rollup_rows(month, cells))
    _insert(session, RollupSum, _sum_rows(month, cells))
    _insert(session, RollupWait, _wait_rows(month, cells))
    _insert(session, RollupPoints, _point_rows(month, cells))
    _insert(session, RollupAmount, _amount_rows(month, cells))


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[at : at + BATCH])


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
