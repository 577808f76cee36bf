"""Rows by table, with ids given here, written in bulk in the order that foreign keys ask for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from matchmaker.accounts.models import Account, Consent
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts.models import (
    ContactEvent,
    ContactRequest,
    ContactView,
    EvidenceAsk,
    EvidenceShare,
    Meeting,
    Message,
    MessageMark,
    Outcome,
    Release,
)
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import (
    BusinessId,
    Criterion,
    EvidenceFile,
    EvidenceOpening,
    IntroducerLink,
    JoinRequest,
    Membership,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
    SelfCheck,
)
from matchmaker.suggestions.models import ClosedPair, Exposure, Feedback, Hidden, Shown
from matchmaker.tasks import Task

Row = dict[str, Any]

#: A row comes after what it refers to.
TABLES: tuple[Any, ...] = (
    Account,
    Consent,
    Organisation,
    BusinessId,
    OrganisationFact,
    EvidenceFile,
    EvidenceOpening,
    SelfCheck,
    Membership,
    JoinRequest,
    IntroducerLink,
    Need,
    Offer,
    Criterion,
    ContactRequest,
    ContactEvent,
    EvidenceAsk,
    EvidenceShare,
    Message,
    MessageMark,
    Meeting,
    Outcome,
    Release,
    ContactView,
    ClosedPair,
    Hidden,
    Feedback,
    Shown,
    Exposure,
    Task,
    Notice,
    AuditEvent,
)
#: Their rows are known by what they are about.
WITHOUT_ID = (Shown, Exposure, MessageMark)


class Sheet:
    """Collects rows; all rows of a table must name the same columns."""

    def __init__(self) -> None:
        self._rows: dict[Any, list[Row]] = defaultdict(list)
        self._last: Counter[Any] = Counter()
        self.written: Counter[str] = Counter()
        #: Files of evidence by the name in their row; whoever writes the rows writes them too.
        self.files: dict[str, bytes] = {}

    def add(self, table: Any, **values: Any) -> Row:
        """Keep a row under the next id of its table; it may be changed until it is written."""
        self._last[table] += 1
        row = values if table in WITHOUT_ID else {"id": self._last[table], **values}
        self._rows[table].append(row)
        return row

    def rows(self, table: Any) -> list[Row]:
        """Those not written yet."""
        return self._rows[table]

    def write(self, session: Session) -> int:
        """Insert what was collected and forget it."""
        done = 0
        for table in TABLES:
            found = self._rows.pop(table, [])
            if found:
                _insert(session, table.__table__, found)
                self.written[table.__tablename__] += len(found)
                done += len(found)
        return done


def _insert(session: Session, table: Table, rows: list[Row]) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        connection.execute(table.insert(), rows)


def _copy(connection: Connection, table: Table, rows: list[Row]) -> None:
    """COPY takes a tenth of the time of INSERT; defaults and types are the table's own."""
    columns = [one for one in table.columns if one.name in rows[0] or one.default is not None]
    writes = [_written(one, connection.dialect) for one in columns]
    names = ", ".join(f'"{one.name}"' for one in columns)
    # A chunk is one statement, with all its foreign keys: longer than a page may take.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([write(row) for write in writes])


def _written(column: Column[Any], dialect: Dialect) -> Callable[[Row], Any]:
    """What reads a column's value of a row, as the driver takes it."""
    name, default = column.name, column.default
    made: Callable[[Any], Any] | None = None
    if isinstance(default, CallableColumnDefault):
        made = default.arg
    fixed = default.arg if isinstance(default, ScalarElementColumnDefault) else None
    bound = column.type.dialect_impl(dialect).bind_processor(dialect)

    def write(row: Row) -> Any:
        value = row[name] if name in row else fixed if made is None else made(None)
        return value if bound is None else bound(value)

    return write


def is_empty(session: Session) -> bool:
    """Whether nobody has signed up or been entered yet."""
    return not any(
        session.scalar(select(table.id).limit(1)) is not None for table in (Account, Organisation)
    )


def lift_sequences(session: Session) -> None:
    """Ids were given here: PostgreSQL must count on from the last."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        if table in WITHOUT_ID:
            continue
        name = table.__tablename__
        last = session.scalar(select(func.max(table.id)))
        if last:
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": f'"{name}"', "last": last},
            )
