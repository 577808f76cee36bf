"""How each connection begins: reads cannot write, writers on SQLite take their lock at once.

SQLAlchemy's default mode on SQLite loses updates silently; BEGIN IMMEDIATE for every writer does
not, and GET requests run under `query_only` (SQLite) or READ ONLY (PostgreSQL).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

_read_only: ContextVar[bool] = ContextVar("read_only", default=False)
_patient: ContextVar[bool] = ContextVar("patient", default=False)

Row = TypeVar("Row")

BUSY_TIMEOUT_MS = 5000
#: A statement of a job that takes longer has lost its way.
JOB_STATEMENT_MS = 600_000
#: A job's reading session may wait as long while it thinks about what it read.
_JOB_LIMITS = "; ".join(
    f"SET LOCAL {name}_timeout = {JOB_STATEMENT_MS}"
    for name in ("statement", "idle_in_transaction_session")
)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside cannot change anything."""
    token = _read_only.set(True)
    try:
        yield
    finally:
        _read_only.reset(token)


@contextmanager
def reading_session(engine: Engine) -> Iterator[Session]:
    """A session that cannot change anything, beside others of the same thread that may."""
    with Session(engine.execution_options(read_only=True), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing_session(engine: Engine, lock_ms: int = BUSY_TIMEOUT_MS) -> Iterator[Session]:
    """A short write transaction of its own beside the request's, committed at the end.

    It gives up with OperationalError when it cannot have its lock within `lock_ms`.
    """
    token = _read_only.set(False)
    try:
        with Session(engine) as session:
            _wait_at_most(session, lock_ms)
            yield session
            session.commit()
    finally:
        _read_only.reset(token)


def _wait_at_most(session: Session, lock_ms: int) -> None:
    engine = session.get_bind()
    if engine.dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"SET LOCAL lock_timeout = '{int(lock_ms)}ms'")
        return
    session.connection(execution_options={"busy_timeout_ms": lock_ms})


def held(session: Session, model: type[Row], row_id: int | None) -> Row | None:
    """Lock a row until the end and read it afresh.

    Not by Session.get, which holds what it reads under a lock against the version that was read
    before: of a row that somebody edited this moment nothing would come but an error.
    """
    query = select(model).where(inspect(model).primary_key[0] == row_id)
    query = query.with_for_update(key_share=True, of=model)
    return session.scalar(query.execution_options(populate_existing=True))


def let_idle(session: Session) -> None:
    """Let this transaction wait as long as it must while something slow is made beside it."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def patient() -> Iterator[None]:
    """Statements inside may take as long as a job's do: the server's limits are for pages."""
    token = _patient.set(True)
    try:
        yield
    finally:
        _patient.reset(token)


def set_read_only(value: bool) -> object:
    return _read_only.set(value)


def listen(engine: Engine) -> None:
    """Attach the connect and begin recipes to an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)
        event.listen(engine, "begin", _postgresql_begin)
        event.listen(engine, "rollback", _postgresql_end_reading)


def _sqlite_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _is_read_only(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("read_only", _read_only.get()))


def _sqlite_begin(connection: Connection) -> None:
    read_only = _is_read_only(connection)
    wait = connection.get_execution_options().get("busy_timeout_ms", BUSY_TIMEOUT_MS)
    cursor = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
    cursor.execute(f"PRAGMA busy_timeout={int(wait)}")
    cursor.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    try:
        if read_only:
            cursor.execute(begin)
        else:
            _take_turn(cursor, begin, wait / 1000)
    except connection.dialect.loaded_dbapi.OperationalError as error:
        # SQLAlchemy does not wrap what an event raises: callers wait for its own kind.
        raise OperationalError(begin, (), error) from error
    finally:
        cursor.close()


def _take_turn(cursor: Any, begin: str, patience: float) -> None:
    """Ask for the write lock until it is had, more often the longer one has waited.

    SQLite asks ten times a second in the end: of sixteen who write without a pause some never
    met it free within five seconds, while others took it again and again.
    """
    began = time.monotonic()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                cursor.execute(begin)
                return
            except Exception as error:
                waited = time.monotonic() - began
                if "locked" not in str(error) or waited > patience:
                    raise
            time.sleep(random.uniform(0, 0.01) * max(0.02, 1 - 2 * waited))
    finally:
        cursor.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")


def _postgresql_connect(connection: Any, record: Any) -> None:
    from psycopg.types.numeric import Int8Dumper

    # 17 kinds of page have 93 statements between them; each takes the server some 150 KB.
    connection.prepared_max = 200
    # By size as psycopg gives them, a list of ids would be another statement for each mix of sizes.
    connection.adapters.register_dumper(int, Int8Dumper)


def _postgresql_begin(connection: Connection) -> None:
    # psycopg sends it with the BEGIN that precedes the first statement: one round trip less.
    driver: Any = connection.connection.dbapi_connection
    driver.read_only = _is_read_only(connection)
    if _patient.get():
        connection.exec_driver_sql(_JOB_LIMITS)


def _postgresql_end_reading(connection: Connection) -> None:
    """Reads end with a COMMIT: on ROLLBACK psycopg drops every statement that it had prepared.

    A page's statements took up to ten times as long to plan as to answer. What was read under
    READ ONLY has nothing to take back.
    """
    driver: Any = connection.connection.dbapi_connection
    if driver.read_only:
        # Of a connection that broke, the ROLLBACK that follows tells the pool.
        with suppress(connection.dialect.loaded_dbapi.Error):
            driver.commit()
