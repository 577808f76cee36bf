"""How often somebody knocked at a door: counters that all workers share."""

from __future__ import annotations

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions.database import Base


class LimitHit(Base):
    __tablename__ = "limit_hit"

    #: Names a limit and a hash of whom it counts; never an address or a name.
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    hits: Mapped[int]
    #: Seconds since 1970 by our clock; the counter starts anew after it.
    expires_at: Mapped[float] = mapped_column(Float, index=True)
