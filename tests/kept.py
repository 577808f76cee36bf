"""A world that many tests begin from: built once a process, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask

from matchmaker.extensions import db
from tests.databases import TestDatabase

Built = TypeVar("Built")
_KEPT: dict[tuple[TestDatabase, str], Any] = {}


def kept(app: Flask, database: TestDatabase, name: str, build: Callable[[], Built]) -> Built:
    """Leave what `build` leaves, rows and files."""
    _let_go(app)
    data, copy = Path(app.config["DATA"]), database.folder / f"{name}-data"
    if (database, name) in _KEPT:
        database.fresh_kept(name)
        shutil.copytree(copy, data, dirs_exist_ok=True)
        again: Built = _KEPT[database, name]
        return again
    database.fresh()
    built = build()
    db.session.commit()
    _let_go(app)
    database.keep(name)
    shutil.copytree(data, copy)
    _KEPT[database, name] = built
    return built


def _let_go(app: Flask) -> None:
    """Connections look at the file as it was, the resident index at its rows."""
    db.session.remove()
    db.engine.dispose()
    app.extensions.pop("matchmaker_index", None)
