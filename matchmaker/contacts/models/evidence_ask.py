"""What one side asks the other for after a yes: a piece of evidence, or a question of its own."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.suggestions.models import Side


class AskState(enum.StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


#: Enum columns store names, not values.
_ONE_OPEN = text("state = 'OPEN' AND fact <> ''")
_WHILE_OPEN = text("state = 'OPEN'")


class EvidenceAsk(Base, PublicId):
    __tablename__ = "evidence_ask"
    __table_args__ = (
        Index(
            "uq_evidence_ask_open",
            "contact_request_id",
            "asked_by",
            "fact",
            unique=True,
            sqlite_where=_ONE_OPEN,
            postgresql_where=_ONE_OPEN,
        ),
        Index("ix_evidence_ask_request", "contact_request_id", "id"),
        Index(
            "ix_evidence_ask_waits",
            "asked_organisation_id",
            "id",
            sqlite_where=_WHILE_OPEN,
            postgresql_where=_WHILE_OPEN,
        ),
    )
    QUESTION_MAX = 300
    WHY_MAX = 300
    ANSWER_MAX = 2000

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    asked_by: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: Who is to answer: told by request and side, and kept here for the index.
    asked_organisation_id: Mapped[int] = mapped_column(server_default="0")
    #: An evidence code, or empty for a question.
    fact: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(String(QUESTION_MAX), default="")
    why: Mapped[str] = mapped_column(String(WHY_MAX))
    lang: Mapped[str] = mapped_column(String(8), default="en")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[AskState] = mapped_column(
        Enum(AskState, native_enum=False, length=20), default=AskState.OPEN
    )
    #: Empty where the answer was the file itself.
    answer: Mapped[str] = mapped_column(String(ANSWER_MAX), default="")
    answer_lang: Mapped[str] = mapped_column(String(8), default="en")
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    ended_at: Mapped[datetime | None]
