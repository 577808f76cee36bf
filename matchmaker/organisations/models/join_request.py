"""An account asks to join an organisation, or is invited to."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.organisations.models.organisation import Organisation


class JoinState(enum.StrEnum):
    #: The account asks; an owner answers.
    ASKED = "asked"
    #: An owner asks; the account answers.
    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class JoinRequest(Base, PublicId):
    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[JoinState] = mapped_column(
        Enum(JoinState, native_enum=False, length=20), default=JoinState.ASKED
    )
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    organisation: Mapped[Organisation] = relationship()
