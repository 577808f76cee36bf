"""Reading within a post: before its one write, or to show a page instead of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matchmaker.extensions import db, transactions


@contextmanager
def looking() -> Iterator[None]:
    """Let go of the write lock that a post begins with: on SQLite all writers wait for it."""
    db.session.commit()
    with transactions.reading():
        yield
        db.session.commit()
