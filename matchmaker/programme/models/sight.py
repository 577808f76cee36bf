"""What is remembered of `shown` once its rows are too old to be kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, String
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


class VersionSight(Base):
    """How needs of a group were seen by offerers under a model version; recounted by a job."""

    __tablename__ = "version_sight"

    #: Number of the model version.
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: One of `services.version_sights.DIMENSIONS`, of the firm.
    dimension: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: `services.version_sights.REST` stands for groups of too few firms to be told apart.
    value: Mapped[str] = mapped_column(String(20), primary_key=True)
    firms: Mapped[int]
    #: Times a need of the group stood on an offerer's list, and the places it had, summed up.
    seen: Mapped[int]
    places: Mapped[int] = mapped_column(BigInteger)
