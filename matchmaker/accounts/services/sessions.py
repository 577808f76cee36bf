"""Sessions are `sign_in` rows: begun, found on each request, ended from anywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, SignIn
from matchmaker.extensions import clock

STAFF_IDLE, STAFF_ABSOLUTE = timedelta(minutes=30), timedelta(hours=8)
IDLE, ABSOLUTE = timedelta(days=14), timedelta(days=90)
#: How long the password alone waits for the second factor.
HALF_OPEN = timedelta(minutes=10)
#: `last_seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=5)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session, account: Account, *, user_agent: str, second_factor: bool = False
) -> str:
    """A new session; the token goes into the cookie and is kept nowhere else."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            last_seen_at=now,
            second_factor_at=now if second_factor else None,
            user_agent=user_agent[: SignIn.USER_AGENT_MAX],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> SignIn | None:
    """The live session of this token with its account, complete or waiting for a second factor."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token)))
    return row if row is not None and is_live(row, clock.now()) else None


def is_live(row: SignIn, now: datetime) -> bool:
    account = row.account
    if row.ended_at is not None or not account.active:
        return False
    if is_half_open(row):
        return now - row.created_at < HALF_OPEN
    idle, absolute = (STAFF_IDLE, STAFF_ABSOLUTE) if account.is_staff else (IDLE, ABSOLUTE)
    # A row from the future means that the clock was set back: it must not live longer for it.
    back = now + timedelta(minutes=5)
    return (
        now - row.created_at < absolute
        and now - row.last_seen_at < idle
        and row.created_at <= back
        and row.last_seen_at <= back
    )


def is_half_open(row: SignIn) -> bool:
    """The password was right, the second factor is still to come."""
    return row.account.needs_second_factor and row.second_factor_at is None


def seen(session: Session, sign_in_id: int) -> None:
    now = clock.now()
    session.execute(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at <= now - SEEN_EVERY,
        )
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end(session: Session, token: str) -> None:
    _end(session, SignIn.token_hash == token_hash(token))


def end_one(session: Session, account_id: int, public_id: str) -> bool:
    """End one of the account's own; False when there is none of that id."""
    return _end(session, SignIn.account_id == account_id, SignIn.public_id == public_id) > 0


def end_all(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every session of the account, less the row `but`."""
    others = [SignIn.id != but] if but is not None else []
    return _end(session, SignIn.account_id == account_id, *others)


def _end(session: Session, *where: object) -> int:
    statement = (
        update(SignIn).where(SignIn.ended_at.is_(None), *where).values(ended_at=clock.now())  # type: ignore[arg-type]
    )
    done = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def live_ones(session: Session, account_id: int) -> list[SignIn]:
    now = clock.now()
    query = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    rows = session.scalars(query.order_by(SignIn.last_seen_at.desc()).limit(50))
    return [row for row in rows if is_live(row, now)]


def prune(session: Session) -> int:
    """Forget sessions that ended or ran out more than 90 days ago."""
    from_then = clock.now() - ABSOLUTE
    rows = session.scalars(select(SignIn).where(SignIn.last_seen_at < from_then).limit(1000))
    count = 0
    for row in rows:
        session.delete(row)
        count += 1
    return count
