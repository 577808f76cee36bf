"""What colleagues did, wrote down and want to do about an entry of the pipeline."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.screening.models.pipeline import PipelineEntry, PipelineStage

_OPEN = text("done_at IS NULL")


class EntryEventKind(enum.StrEnum):
    PUT_IN = "put_in"
    MOVED = "moved"
    NOTE = "note"
    PASSED = "passed"
    UNDONE = "undone"


class EntryEvent(Base, PublicId):
    """A line of an entry's history, private notes among them; only the organisation reads it."""

    __tablename__ = "entry_event"
    __table_args__ = (Index("ix_entry_event_entry", "entry_id", "id"),)
    TEXT_MAX = 2000

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("pipeline_entry.id", ondelete="CASCADE"))
    kind: Mapped[EntryEventKind] = mapped_column(Enum(EntryEventKind, native_enum=False, length=20))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    #: Where a move ended; empty once that stage was removed.
    stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("pipeline_stage.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account | None] = relationship()
    stage: Mapped[PipelineStage | None] = relationship()


class EntryTask(Base, PublicId):
    """Something to do about an entry, by a day."""

    __tablename__ = "entry_task"
    __table_args__ = (
        Index(
            "ix_entry_task_due",
            "organisation_id",
            "due_on",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_entry_task_mine", "account_id", "organisation_id", "due_on", "id"),
        Index("ix_entry_task_entry", "entry_id", "due_on", "id"),
    )
    TEXT_MAX = 200

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("pipeline_entry.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(TEXT_MAX))
    lang: Mapped[str] = mapped_column(String(8), default="")
    due_on: Mapped[date]
    #: Who does it; empty: whoever has time.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    done_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    done_at: Mapped[datetime | None]

    entry: Mapped[PipelineEntry] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
