"""Fixtures of the organisations room's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from matchmaker.extensions import db


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[Callable[[], object]], int]]:
    """How many statements reach the database while something runs."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)

    def count(run: Callable[[], object]) -> int:
        seen.clear()
        run()
        return len(seen)

    yield count
    event.remove(engine, "before_cursor_execute", note)
