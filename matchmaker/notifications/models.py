"""What people are told: notices in the app, mails on their way, and what they asked not to get."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class MailState(enum.StrEnum):
    QUEUED = "queued"
    #: Handed to the mail server, which has not answered yet; a repeat carries the same Message-ID.
    SENDING = "sending"
    SENT = "sent"
    #: Over the day's limit: waits for the digest of the next day.
    HELD = "held"
    #: The reader unsubscribed from the kind after it was queued.
    DROPPED = "dropped"
    FAILED = "failed"


class Notice(Base, PublicId):
    """A line on a person's own page of notices; worded when read, in the reader's language."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account", "account_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    #: From kinds.KINDS.
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]


class OutboxMail(Base):
    """A mail committed together with the change that it tells of."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state", "state", "account_id"),)
    ADDRESS_MAX = 254

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Fixed when queued, so that a repeat after a crash is recognised as the same mail.
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(ADDRESS_MAX))
    locale: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(40))
    #: Emptied once sent: links in it may open things.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[MailState] = mapped_column(
        Enum(MailState, native_enum=False, length=20), default=MailState.QUEUED
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]


class MailReader(Base, PublicId):
    """What an unsubscribe link names instead of the account, and how many mails went out today."""

    __tablename__ = "mail_reader"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date | None]
    sent: Mapped[int] = mapped_column(default=0)


class Unsubscribed(Base):
    __tablename__ = "unsubscribed"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)
