"""What an organisation says of itself about one thing that offers ask for; no row = not known."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation


class OrganisationFact(Base):
    __tablename__ = "organisation_fact"
    __table_args__ = (UniqueConstraint("organisation_id", "fact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    #: An evidence code from vocabulary.facts.
    fact: Mapped[str] = mapped_column(String(40))
    value: Mapped[bool]
    stated_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Verified is evidence, not a state: who checked it, and when.
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(120), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="facts")
