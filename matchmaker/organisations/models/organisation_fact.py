"""What an organisation says of itself about one thing that offers ask for; no row = not known."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation


class CheckedAs(enum.StrEnum):
    STAFF = "staff"
    INTRODUCER = "introducer"


class LookedAt(enum.StrEnum):
    """What the checker held it against."""

    ORIGINAL = "original"
    FILE = "file"
    REGISTER = "register"
    VISIT = "visit"


class OrganisationFact(Base):
    __tablename__ = "organisation_fact"
    __table_args__ = (UniqueConstraint("organisation_id", "fact"),)
    NOTE_MAX = 300

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    #: An evidence code from vocabulary.facts.
    fact: Mapped[str] = mapped_column(String(40))
    value: Mapped[bool]
    stated_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Verified is evidence, not a state: who checked it, and when.
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(120), default="")
    checked_as: Mapped[CheckedAs | None] = mapped_column(
        Enum(CheckedAs, native_enum=False, length=20)
    )
    looked_at: Mapped[LookedAt | None] = mapped_column(Enum(LookedAt, native_enum=False, length=20))
    #: What was wrong with the file when a checker sent it back; a new file takes it away.
    returned_note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="facts")
