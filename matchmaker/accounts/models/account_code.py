"""Something that opens an account once: a link in a mail, or a code on paper."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class CodeKind(enum.StrEnum):
    RESET = "reset"
    NEW_EMAIL = "new_email"
    PRINTED = "printed"


class AccountCode(Base, PublicId):
    __tablename__ = "account_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CodeKind] = mapped_column(Enum(CodeKind, native_enum=False, length=20))
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    #: Of a printed code: its keyed hash. A link is signed instead and kept nowhere.
    secret_hash: Mapped[str] = mapped_column(String(64), default="")
    #: The address that a NEW_EMAIL link proves.
    email: Mapped[str] = mapped_column(String(254), default="")
    made_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
