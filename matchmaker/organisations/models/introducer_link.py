"""An introducer vouches for another organisation and may act for it, with recorded consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation


class IntroducerLink(Base):
    __tablename__ = "introducer_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    introducer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Who of the organisation consented, how ("signed paper", "by telephone"...), which wording.
    consent_by: Mapped[str] = mapped_column(String(120))
    consent_how: Mapped[str] = mapped_column(String(40))
    consent_version: Mapped[str] = mapped_column(String(20))
    consent_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    ended_at: Mapped[datetime | None]

    introducer: Mapped[Organisation] = relationship(foreign_keys=[introducer_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
