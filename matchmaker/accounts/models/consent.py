"""What a person agreed to: purpose, the version of its words, in which language, and until when."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base


class Purpose(enum.StrEnum):
    TERMS = "terms"
    PRIVACY = "privacy"
    MATCHING = "matching"
    NEWS = "news"


class Consent(Base):
    """Never changed but for its end: the evidence of what was agreed to and when."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account", "account_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(Enum(Purpose, native_enum=False, length=20))
    version: Mapped[str] = mapped_column(String(20))
    #: The language the words stood in.
    language: Mapped[str] = mapped_column(String(8))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
