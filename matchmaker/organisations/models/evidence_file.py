"""A file that shows a piece of evidence; what it holds stands in the data folder, never here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId


class EvidenceFile(Base, PublicId):
    """One file a piece: a new one is a new row, so that what was shared or checked of the old
    one does not hold for it."""

    __tablename__ = "evidence_file"
    __table_args__ = (UniqueConstraint("organisation_id", "fact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    #: An evidence code from vocabulary.evidence.
    fact: Mapped[str] = mapped_column(String(40))
    #: Random, in the folder of evidence; what the sender called it is not kept.
    name: Mapped[str] = mapped_column(String(32), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    #: In bytes, as kept.
    size: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    uploaded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
