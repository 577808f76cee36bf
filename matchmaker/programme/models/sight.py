"""What is remembered of `shown` once its rows are too old to be kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions.database import Base


class NeedSight(Base):
    """When a need was first shown, and to how many offering organisations: one row an old need."""

    __tablename__ = "need_sight"

    need_id: Mapped[int] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), primary_key=True
    )
    first_day: Mapped[date]
    seen_by: Mapped[int]
