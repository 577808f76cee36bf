"""Writing plain values on a row: only what its room lets a person edit, and only what changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.orm.exc import StaleDataError

from matchmaker.errors import StaleVersion

P = ParamSpec("P")
R = TypeVar("R")


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


def one_writer(service: Callable[P, R]) -> Callable[P, R]:
    """Whoever was overtaken by another transaction learns it as StaleVersion.

    The version column tells at any flush inside the service, also one that a query starts.
    """

    @wraps(service)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except StaleDataError as error:
            raise StaleVersion from error

    return guarded
