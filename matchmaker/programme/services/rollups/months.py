"""Months in UTC, as their first day."""

from __future__ import annotations

from datetime import UTC, date, datetime


def month_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def later(month: date, by: int = 1) -> date:
    """The month so many months after it, or before it."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)
