"""Rows by table, with ids given here, written in bulk in the order that foreign keys ask for."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, Consent
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts.models import (
    ContactEvent,
    ContactRequest,
    ContactView,
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
                session.connection().execute(table.__table__.insert(), found)
                self.written[table.__tablename__] += len(found)
                done += len(found)
        return done


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
