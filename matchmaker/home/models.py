"""What people wrote at the help and contact door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class HelpMessage(Base, PublicId):
    __tablename__ = "help_message"
    MESSAGE_MAX = 2000
    REPLY_TO_MAX = 254

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Empty for a visitor.
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    message: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(8))
    reply_to: Mapped[str] = mapped_column(String(REPLY_TO_MAX), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
