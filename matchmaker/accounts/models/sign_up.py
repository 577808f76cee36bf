"""A sign-up: somebody's word that an identity is theirs, until they prove it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.accounts.models.account import Account
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class SignUp(Base, PublicId):
    """Becomes an account by the link in the mail, or by the first sign-in where there is no mail.

    The row is written whether the identity is taken or not, so that nothing tells the two apart.
    """

    __tablename__ = "sign_up"
    __table_args__ = (Index("ix_sign_up_identity", "kind", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: email, telephone or username.
    kind: Mapped[str] = mapped_column(String(20))
    identity: Mapped[str] = mapped_column(String(Account.EMAIL_MAX))
    name: Mapped[str] = mapped_column(String(Account.NAME_MAX), default="")
    password: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(8), default="en")
    #: Purpose -> version of the words the person ticked, with the language they stood in.
    consents: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
