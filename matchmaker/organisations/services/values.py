"""Writing plain values on a row: only what its room lets a person edit, and only what changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.errors import StaleVersion


def assign(row: Any, values: Mapping[str, Any], editable: Collection[str]) -> set[str]:
    """Set the values that differ and give their names; a name outside `editable` is a mistake."""
    unknown = set(values) - set(editable)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    return changed


def check_version(row: Any, version: int | None) -> None:
    """Refuse a form that was opened before somebody else saved; None = no form stood before it."""
    if version is not None and row.version != version:
        raise StaleVersion


def flush(session: Session) -> None:
    """Write now; whoever was overtaken by another transaction learns it as StaleVersion."""
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion from error
