"""What came of an accepted request, as each side says it: a history whose last word counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Enum, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary.bands import Band, band_of

_WHILE_CURRENT = text("current IS true")


class Outcome(Base):
    """One saying of one side; what it said before stays, no longer current."""

    __tablename__ = "outcome"
    __table_args__ = (
        # Of two colleagues who speak at once one is the last: a side has one present word.
        Index(
            "uq_outcome_current",
            "contact_request_id",
            "side",
            unique=True,
            sqlite_where=_WHILE_CURRENT,
            postgresql_where=_WHILE_CURRENT,
        ),
        Index("ix_outcome_request", "contact_request_id", "id"),
    )
    NOTE_MAX = 500

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: The last word of its side.
    current: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: vocabulary.reasons.OUTCOMES.
    code: Mapped[str] = mapped_column(String(40))
    #: vocabulary.reasons.WHY_NOT, and a word of one's own that the other side reads.
    reason: Mapped[str] = mapped_column(String(40), default="", server_default="")
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="", server_default="")
    #: Key of the band of US dollars agreed on; made from the exact amount where one was said.
    amount_band: Mapped[str] = mapped_column(String(30), default="", server_default="")
    #: The exact amount, by choice, for the two sides only.
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    #: When this side first said that they met or agreed; stays when it says more later.
    met_at: Mapped[datetime | None]

    @property
    def band(self) -> Band | None:
        return band_of(self.amount_band)


class OutcomeQuestion(Base):
    """One side asked what came of it, so many months after the yes; a row once, asked or not."""

    __tablename__ = "outcome_question"
    __table_args__ = (UniqueConstraint("contact_request_id", "side", "months"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    months: Mapped[int]
    #: Empty where the side had said by then all there was to say.
    asked_at: Mapped[datetime | None]
    #: When somebody of the side said it, from the mail or on the page.
    answered_at: Mapped[datetime | None]
