"""What an organisation asks again and again, kept so that it is written once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.contacts.models.evidence_ask import EvidenceAsk
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class StandardQuestion(Base, PublicId):
    __tablename__ = "standard_question"
    #: Of one organisation.
    MOST = 20

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    fact: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(String(EvidenceAsk.QUESTION_MAX), default="")
    why: Mapped[str] = mapped_column(String(EvidenceAsk.WHY_MAX))
    lang: Mapped[str] = mapped_column(String(8), default="en")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
