"""What one side told the programme about the other side of a conversation."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.suggestions.models import Side


class ReportReason(enum.StrEnum):
    FEE = "fee"
    RUDE = "rude"
    FALSE = "false"
    SPAM = "spam"
    OTHER = "other"


class Report(Base):
    """Read by staff in scope; the other side never learns of it from us."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_account", "account_id", "at"),)
    NOTE_MAX = 500

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"), index=True
    )
    #: Empty: the whole conversation.
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("message.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[ReportReason] = mapped_column(Enum(ReportReason, native_enum=False, length=20))
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    lang: Mapped[str] = mapped_column(String(8), default="en")
    at: Mapped[datetime] = mapped_column(default=clock.now)
