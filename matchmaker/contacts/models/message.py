"""What the two sides of an accepted request write to each other, and who has read how far."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.suggestions.models import Side

_WHILE_UNREAD = text("newest_id > read_id")


class Message(Base, PublicId):
    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("contact_request_id", "key"),
        Index("ix_message_conversation", "contact_request_id", "id"),
        Index("ix_message_account", "account_id", "at"),
    )
    TEXT_MAX = 2000

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: Empty once the writer's account was erased, and the text with it.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(8))
    #: Papers that go with it: the file's public id, and which paper it is. Whether they may be
    #: opened stands with the shares of the request.
    files: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Of the form and what was typed into it: a form sent twice is one message.
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class MessageMark(Base):
    """How far one person has read one conversation; made by the first message to that person."""

    __tablename__ = "message_mark"
    __table_args__ = (
        # The number in the bar of every page: few rows, however much was read.
        Index(
            "ix_message_mark_unread",
            "account_id",
            sqlite_where=_WHILE_UNREAD,
            postgresql_where=_WHILE_UNREAD,
        ),
    )

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    #: Ids of messages; unread while the newest one is above the one read last.
    newest_id: Mapped[int]
    read_id: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
