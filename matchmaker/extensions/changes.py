"""Change numbers: what altered a ranking, in commit order, so that each worker's index follows.

The number is taken from a one-row counter as the last statement before the commit, which makes
numbers appear in commit order on both databases; a sequence would not.
"""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import Enum, Index, event, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from matchmaker.extensions.database import Base

_PENDING = "changes"


class ChangeKind(enum.StrEnum):
    NEED = "need"
    OFFER = "offer"
    ORGANISATION = "organisation"
    CLOSED_PAIR = "closed_pair"
    MODEL = "model"


class ChangeCounter(Base):
    __tablename__ = "change_counter"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class Change(Base):
    """The last change of one row; what was deleted keeps its row here as a tombstone."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_n", "n"),)
    kind: Mapped[ChangeKind] = mapped_column(
        Enum(ChangeKind, native_enum=False, length=20), primary_key=True
    )
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


def note(session: Session, kind: ChangeKind, row_id: int) -> None:
    """Remember that this row changes in the present transaction; numbered when it commits."""
    # A transaction must be there for a rollback to reach the note.
    session.connection()
    session.info.setdefault(_PENDING, set()).add((kind, row_id))


def latest(session: Session) -> int:
    return session.scalar(select(ChangeCounter.n)) or 0


def since(session: Session, n: int, limit: int) -> list[Change]:
    query = select(Change).where(Change.n > n).order_by(Change.n).limit(limit)
    return list(session.scalars(query))


@event.listens_for(Session, "before_commit")
def _number(session: Session) -> None:
    pending: set[tuple[ChangeKind, int]] | None = session.info.pop(_PENDING, None)
    if not pending:
        return
    session.flush()
    n = _next(session)
    rows = [{"kind": kind, "row_id": row_id, "n": n} for kind, row_id in sorted(pending)]
    session.execute(_upsert(session), rows)


def _next(session: Session) -> int:
    step = update(ChangeCounter).values(n=ChangeCounter.n + 1).returning(ChangeCounter.n)
    n = session.scalar(step)
    if n is None:
        # The very first change of a database; of two at once one makes the row.
        first = _dialect(session).insert(ChangeCounter).values(id=1, n=0)
        session.execute(first.on_conflict_do_nothing())
        n = session.scalar(step)
    assert n is not None
    return n


def _upsert(session: Session) -> Any:
    statement = _dialect(session).insert(Change)
    return statement.on_conflict_do_update(
        index_elements=["kind", "row_id"], set_={"n": statement.excluded.n}
    )


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)
