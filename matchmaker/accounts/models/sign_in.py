"""A session: one row a sign-in, so that it can be ended from anywhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models.account import Account
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class SignIn(Base, PublicId):
    __tablename__ = "sign_in"
    USER_AGENT_MAX = 200

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the random token in the cookie; the token itself is kept nowhere.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    #: When the second factor was given in this session; until then it opens nothing for those
    #: who need one.
    second_factor_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(USER_AGENT_MAX), default="")

    account: Mapped[Account] = relationship(lazy="joined")
