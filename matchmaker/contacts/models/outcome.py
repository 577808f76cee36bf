"""What came of an accepted request, as each side says it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.suggestions.models import Side


class Outcome(Base):
    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("contact_request_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: vocabulary.reasons.OUTCOMES.
    code: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    #: When this side first said that they met or agreed; stays when it says more later.
    met_at: Mapped[datetime | None]
