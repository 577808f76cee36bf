"""One file of evidence that one organisation lets another open; it can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base


class EvidenceShare(Base):
    __tablename__ = "evidence_share"
    __table_args__ = (UniqueConstraint("contact_request_id", "evidence_file_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    #: Empty once the file is gone or another took its place: that one is not shared.
    evidence_file_id: Mapped[int | None] = mapped_column(
        ForeignKey("evidence_file.id", ondelete="SET NULL"), index=True
    )
    #: Whose it is.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    fact: Mapped[str] = mapped_column(String(40))
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
