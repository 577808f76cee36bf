"""The one clock: everything that asks the time asks here, so that tests and demos can move it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import current_app, has_app_context


def now() -> datetime:
    shift = current_app.config["CLOCK_SHIFT"] if has_app_context() else timedelta()
    return datetime.now(UTC) + shift


def today() -> date:
    return now().date()
