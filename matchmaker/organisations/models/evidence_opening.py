"""Somebody who is not of the organisation opened one of its files: written before it was sent."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation


class OpenedAs(enum.StrEnum):
    COUNTERPART = "counterpart"
    INTRODUCER = "introducer"
    STAFF = "staff"


class EvidenceOpening(Base):
    __tablename__ = "evidence_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose file it was.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    fact: Mapped[str] = mapped_column(String(40))
    opened_as: Mapped[OpenedAs] = mapped_column(Enum(OpenedAs, native_enum=False, length=20))
    #: Empty for staff of the programme.
    viewer_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL")
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    viewer_organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=[viewer_organisation_id]
    )
