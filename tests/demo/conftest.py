"""The demo's rows, made once for the tests that only look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from matchmaker.demo import standard
from matchmaker.demo.sheet import Row, Sheet
from matchmaker.extensions import clock

SEED = 7
Rows = Callable[[Any], list[Row]]


@pytest.fixture(scope="session")
def sheet(shared_app: Flask) -> Sheet:
    """The whole standard demo; no database is touched."""
    with shared_app.app_context():
        return standard.build(SEED, clock.now())


@pytest.fixture
def rows(sheet: Sheet) -> Rows:
    return sheet.rows
