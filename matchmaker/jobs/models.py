"""The job table: work that is not done in a request."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base, PublicId):
    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "run_after"),
        # One waiting job a key; one that runs already does not count, it may have read too early.
        Index(
            "uq_job_waiting_key",
            "unique_key",
            unique=True,
            sqlite_where=text("state = 'QUEUED' AND unique_key IS NOT NULL"),
            postgresql_where=text("state = 'QUEUED' AND unique_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(120))
    #: The account that sees its progress; empty for the programme's own work.
    account_id: Mapped[int | None]
    state: Mapped[JobState] = mapped_column(
        Enum(JobState, native_enum=False, length=20), default=JobState.QUEUED
    )
    run_after: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    #: A running job that shows no life until then is taken up again.
    locked_until: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class Periodic(Base):
    """When a periodic job ran last, so that two runners start it once."""

    __tablename__ = "periodic"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
