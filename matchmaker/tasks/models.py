"""A task: one thing for staff or an adviser to look after."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class TaskKind(enum.StrEnum):
    #: An organisation waits for its first publication.
    REVIEW = "review"
    #: A published organisation was edited.
    SECOND_LOOK = "second_look"
    #: A request was declined: help the one who asked to find another way.
    AFTER_DECLINE = "after_decline"
    #: A request ended without an answer.
    AFTER_SILENCE = "after_silence"
    #: A request went to an organisation that nobody signs in for.
    NOBODY_HOME = "nobody_home"
    #: A need that no offer is open to.
    NO_MATCH = "no_match"
    #: Both sides of an agreement wrote a success story: read it before it is shown.
    STORY = "story"
    #: Somebody reported a person, a fee or a text.
    REPORT = "report"
    #: Somebody has looked through as many firms in a day as one may.
    MANY_SEEN = "many_seen"
    #: A staff member asked for something to be done.
    OTHER = "other"


class TaskState(enum.StrEnum):
    OPEN = "open"
    DONE = "done"


class Task(Base, PublicId):
    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_list", "state", "province", "opened_at"),
        # One open task a kind and subject: what happens twice is still one thing to do.
        Index(
            "uq_task_open",
            "kind",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'OPEN'"),
            postgresql_where=text("state = 'OPEN'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(Enum(TaskKind, native_enum=False, length=20))
    #: A table's name and the row's id there: this room knows things by id only.
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    #: For staff scopes: the province concerned, and the organisation concerned.
    province: Mapped[str | None] = mapped_column(String(10))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: Plain values for the page that shows it; no names, no private values.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[TaskState] = mapped_column(
        Enum(TaskState, native_enum=False, length=20), default=TaskState.OPEN
    )
    assigned_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
