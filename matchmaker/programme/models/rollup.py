"""Roll-ups: what the statistics page adds up, recounted by a job month by month.

A month is that in which the need was published: a row says what became of the needs of that month.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions.database import Base
from matchmaker.organisations.models.organisation import REPLY_BINS

#: Where `province` and `introducers` have this value, the row is the sum over all of them.
EVERYWHERE = "*"
#: The band of an agreement whose two sides name different amounts.
DIFFER = "differ"

#: Needs that came so far, then requests by what became of them, then who was looked at.
COUNTS = (
    "needs",
    "shown",
    "asked",
    "answered",
    "accepted",
    "met",
    "agreed",
    "requests",
    "replies",
    "yes",
    "meetings",
    "agreements",
    "declined",
    "expired",
    "withdrawn",
    "seen_by",
)
REPLY_COLUMNS = tuple(f"reply_{index:02d}" for index in range(REPLY_BINS))

_count_columns = {name: mapped_column(Integer, default=0) for name in (*COUNTS, *REPLY_COLUMNS)}
#: One integer column for each count and each bin of reply times.
Counted = type("Counted", (), {"__doc__": "Columns of COUNTS and REPLY_COLUMNS.", **_count_columns})


class Rollup(Base, Counted):  # type: ignore[misc, valid-type]
    """The finest cells: every dimension of the page at once."""

    __tablename__ = "rollup"
    __table_args__ = (Index("ix_rollup_province", "province", "month"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    #: As it counts today (`vocabulary.places.current`); empty = not said.
    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: ISIC section.
    section: Mapped[str] = mapped_column(String(1), primary_key=True)
    size: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Band of the share owned by women.
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Language of the need's text.
    lang: Mapped[str] = mapped_column(String(8), primary_key=True)
    #: Ids of all who vouch for the firm, "|3|17|": a need is counted once, whoever vouches for it.
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)


class RollupSum(Base, Counted):  # type: ignore[misc, valid-type]
    """The same counts over the whole programme by one dimension at a time: the page unfiltered."""

    __tablename__ = "rollup_sum"

    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: One of `services.rollups.cells.DIMENSIONS`, or "all".
    dimension: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)


class RollupWait(Base):
    """How long needs took from step to step, in the bins of reply times."""

    __tablename__ = "rollup_wait"
    __table_args__ = (Index("ix_rollup_wait_province", "province", "month"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    needs: Mapped[int]


class RollupPoints(Base):
    """What came of requests by the points that stood on the page when they were sent."""

    __tablename__ = "rollup_points"
    __table_args__ = (Index("ix_rollup_points_province", "province", "month"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The points from which the band begins; -1 where none were kept.
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    requests: Mapped[int]
    replies: Mapped[int]
    yes: Mapped[int]
    meetings: Mapped[int]
    agreements: Mapped[int]


class RollupAmount(Base):
    """Agreements by the band of their amount, and what both sides name exactly alike."""

    __tablename__ = "rollup_amount"
    __table_args__ = (Index("ix_rollup_amount_province", "province", "month"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Key of the band of US dollars; empty where nobody named one, or DIFFER.
    band: Mapped[str] = mapped_column(String(30), primary_key=True)
    #: Of agreements whose amount both named exactly alike; empty for the others.
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    agreements: Mapped[int]
    #: The sum of those exact amounts.
    minor: Mapped[int] = mapped_column(BigInteger, default=0)


class RollupMonth(Base):
    """The month's count: its number goes up at each, so that of two at once the older gives way."""

    __tablename__ = "rollup_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    counted_at: Mapped[datetime]


class RollupNeed(Base):
    """What one need adds to the counts of its month: taken off again when it is counted anew.

    It outlives the need, whose part is taken off by the next count.
    """

    __tablename__ = "rollup_need"

    need_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(index=True)
    #: As `services.rollups.parts` writes it.
    part: Mapped[dict[str, Any]] = mapped_column(JSON)


class CountState(Base):
    """How far the counting has come; one row."""

    __tablename__ = "count_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Change number and request event up to which everything is counted.
    change_n: Mapped[int] = mapped_column(default=0)
    event_id: Mapped[int] = mapped_column(default=0)
    #: When the last count began.
    counted_at: Mapped[datetime | None]
    gaps_at: Mapped[datetime | None]
    #: Published funders and providers, as of `gaps_at`.
    offerers: Mapped[int] = mapped_column(default=0)
