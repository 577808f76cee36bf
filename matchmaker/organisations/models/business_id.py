"""A business id: scheme, number, and who checked it when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import Organisation


class BusinessId(Base):
    __tablename__ = "business_id"
    __table_args__ = (Index("ix_business_id_number", "scheme", "number_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: From vocabulary.business_ids.SCHEMES.
    scheme: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    #: ASCII digits and letters only: the same number typed otherwise is the same.
    number_key: Mapped[str] = mapped_column(String(60))
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(120), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="business_ids")
