"""Who holds a person's data: each room registers its tables, so that export and erase reach all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Export = Callable[[Session, int], list[dict[str, Any]]]
Erase = Callable[[Session, int], int]

exports: dict[str, Export] = {}
erasures: dict[str, Erase] = {}


def holder(table: str, *, export: Export, erase: Erase) -> None:
    """Both functions take the session and an account id; erase returns how many rows it changed."""
    exports[table] = export
    erasures[table] = erase


def export_account(session: Session, account_id: int) -> dict[str, list[dict[str, Any]]]:
    return {table: export(session, account_id) for table, export in sorted(exports.items())}


def erase_account(session: Session, account_id: int) -> dict[str, int]:
    return {table: erase(session, account_id) for table, erase in reversed(erasures.items())}
