"""The audit log and the seals that make changes to it visible."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base


class AuditEvent(Base):
    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "subject", "subject_id"),
        Index("ix_audit_event_organisation_at", "organisation_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Empty for the programme's own jobs.
    account_id: Mapped[int | None] = mapped_column(index=True)
    #: room.verb, such as need.published.
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    #: A code of a closed list, such as a decline reason; never a text.
    code: Mapped[str] = mapped_column(String(60), default="")
    seal_id: Mapped[int | None] = mapped_column(index=True)


class AuditSeal(Base):
    """A batch of events closed by a hash over them and over the seal before."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    first_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
