"""Writing plain values on a row: only what its room lets a person edit, and only what changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.errors import StaleVersion
from matchmaker.extensions import clock
from matchmaker.organisations.models import Kind, Need, Offer, Organisation

#: A second press comes within seconds; a second need of the same name after minutes is meant.
TWICE_WITHIN = timedelta(seconds=30)

Row = TypeVar("Row", Need, Offer)
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


def sent_twice(
    session: Session, model: type[Row], organisation: Organisation, kind: str, title: str
) -> Row | None:
    """Give what an impatient second press has just made; the organisation's row is the lock.

    An import, which has keys of its own, may hold two with one title.
    """
    locked = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(locked.with_for_update())
    query = select(model).where(
        model.organisation_id == organisation.id,
        model.kind == Kind(kind),
        model.title == title,
        model.source.is_(None),
        model.created_at > clock.now() - TWICE_WITHIN,
    )
    return session.scalar(query.order_by(model.id).limit(1)) if title else None


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
