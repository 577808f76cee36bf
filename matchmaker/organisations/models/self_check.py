"""The readiness self-check of an organisation, over time, and whether matches may use it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation

OPEN = text("day IS NULL")
STANDING = text("ended_at IS NULL")


class SelfCheck(Base):
    """One time that the questions were gone through; nobody but its own people reads answers."""

    __tablename__ = "self_check"
    __table_args__ = (
        # One a day counts, and one at a time is being filled in.
        UniqueConstraint("organisation_id", "day"),
        Index(
            "uq_self_check_open",
            "organisation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    #: The edition of the questions, from vocabulary.self_check.
    edition: Mapped[str] = mapped_column(String(20))
    #: Question -> answer; what was skipped is not there.
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: The day it counts for, where whoever finished it was; empty while it is being filled in.
    day: Mapped[date | None]
    #: 0..100; empty while less than half is answered.
    score: Mapped[int | None]
    filled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: The introducer that went through it with them.
    introducer_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL")
    )

    introducer: Mapped[Organisation | None] = relationship(foreign_keys=[introducer_id])


class SelfCheckSharing(Base):
    """From when to when an organisation let matches use its digital answers."""

    __tablename__ = "self_check_sharing"
    __table_args__ = (
        Index("ix_self_check_sharing_organisation_id", "organisation_id"),
        Index(
            "uq_self_check_sharing_standing",
            "organisation_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
