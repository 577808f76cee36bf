"""A storage for `limits` in our own database: one row a counter, one statement a hit."""

from __future__ import annotations

from typing import Any

from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import LimitHit
from matchmaker.extensions import clock, db
from matchmaker.extensions.transactions import reading, writing_session

SCHEME = "matchmaker"


class TableStorage(Storage):
    """Each hit is an upsert in a short transaction of its own, so that a refusal counts too."""

    STORAGE_SCHEME = [SCHEME]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = clock.now().timestamp()
        dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(LimitHit).values(
            key=key, hits=max(amount, 0), expires_at=now + expiry
        )
        # A counter whose end lies further off than its length stems from a clock set back.
        over = (LimitHit.expires_at <= now) | (LimitHit.expires_at > now + expiry + 1)
        fresh = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "hits": case((over, max(amount, 0)), else_=LimitHit.hits + amount),
                "expires_at": case((over, now + expiry), else_=LimitHit.expires_at),
            },
        ).returning(LimitHit.hits)
        with writing_session(db.engine) as session:
            return int(session.execute(fresh).scalar_one())

    def get(self, key: str) -> int:
        row = self._row(key)
        return row.hits if row is not None else 0

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return row.expires_at if row is not None else clock.now().timestamp()

    def check(self) -> bool:
        self._row("")
        return True

    def reset(self) -> int | None:
        with writing_session(db.engine) as session:
            return int(session.execute(delete(LimitHit)).rowcount)  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        with writing_session(db.engine) as session:
            session.execute(delete(LimitHit).where(LimitHit.key == key))

    def _row(self, key: str) -> LimitHit | None:
        with reading(), Session(db.engine) as session:
            row = session.scalar(select(LimitHit).where(LimitHit.key == key))
            if row is None or row.expires_at <= clock.now().timestamp():
                return None
            session.expunge(row)
            return row


def prune(session: Session) -> None:
    """Forget counters that have ended."""
    session.execute(delete(LimitHit).where(LimitHit.expires_at <= clock.now().timestamp()))
