"""Tables of the suggestions room: model versions, feedback, closed pairs, shown, prices."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base


class Side(enum.StrEnum):
    """From which side a pair is looked at: the need's, or the offer's."""

    NEED = "need"
    OFFER = "offer"


class ModelState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class FeedbackKind(enum.StrEnum):
    NOT_FOR_ME = "not_for_me"
    TAKEN_BACK = "taken_back"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    MET = "met"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"


def _enum(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20)


class ModelVersion(Base):
    """Facet scales, weights and idf in force, frozen; one is published at a time."""

    __tablename__ = "model_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[ModelState] = mapped_column(_enum(ModelState), default=ModelState.DRAFT)
    #: `matching.model.Model.to_json()`: what any host needs to build its own index.
    content: Mapped[str] = mapped_column(Text, default="", deferred=True)
    #: How it did on later outcomes, beside the version before it.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    #: Empty when the learning job or the first start published it.
    published_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )


class Feedback(Base):
    """What people did about a pair: the only thing that learning and calibration read."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_pair", "need_id", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FeedbackKind] = mapped_column(_enum(FeedbackKind))
    #: Which side gave it.
    side: Mapped[Side] = mapped_column(_enum(Side))
    #: A code of vocabulary.reasons, or empty.
    reason: Mapped[str] = mapped_column(String(40), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    #: Number of the model version and the points that were on the page.
    model_version: Mapped[int] = mapped_column(default=0)
    score: Mapped[float | None]


class Hidden(Base):
    """A card one side does not want to see again; taken back by deleting the row."""

    __tablename__ = "hidden"
    __table_args__ = (UniqueConstraint("need_id", "offer_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(_enum(Side))
    #: vocabulary.reasons.NOT_FOR_ME_REASONS.
    reason: Mapped[str] = mapped_column(String(40), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ClosedPair(Base):
    """Two organisations that are not suggested to each other, for one need or for all of them."""

    __tablename__ = "closed_pair"
    __table_args__ = (
        Index("ix_closed_pair_organisations", "need_organisation_id", "offer_organisation_id"),
        # All that a list of matches asks, in the order it asks: a bank has tens of thousands.
        Index(
            "ix_closed_pair_of_offer",
            "offer_organisation_id",
            "offer_id",
            "until",
            "need_id",
            "need_organisation_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE")
    )
    offer_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE")
    )
    #: Empty = all needs, all offers of the two.
    need_id: Mapped[int | None] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), index=True
    )
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    #: Open again from this moment on; empty = for good.
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Shown(Base):
    """A pair that somebody saw: one row a day, side and model version, however often."""

    __tablename__ = "shown"
    __table_args__ = (
        Index("ix_shown_day", "day"),
        Index("ix_shown_offer_day", "offer_id", "day"),
    )

    need_id: Mapped[int] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[Side] = mapped_column(_enum(Side), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    #: Number of the model version.
    model_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The highest place it had that day, 1 being the top.
    position: Mapped[int]
    count: Mapped[int] = mapped_column(default=1)


class Exposure(Base):
    """How often a row was shown a day, to all: what the order of lists is corrected by."""

    __tablename__ = "exposure"

    #: The side that looked: NEED looks at offers, OFFER at needs.
    side: Mapped[Side] = mapped_column(_enum(Side), primary_key=True)
    #: Id of what was looked at.
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=1)
    #: How often in a top ten: what turns are given by.
    top_tens: Mapped[int] = mapped_column(default=0)


class Price(Base):
    """What a place of an offer is worth, less the median; and who waits for a turn in its list."""

    __tablename__ = "price"

    offer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[float] = mapped_column(default=0.0)
    #: Needs that stand in its list behind the ten, seen least first.
    waiting: Mapped[list[int]] = mapped_column(JSON, default=list)


class Reach(Base):
    """How many firms were seen in a top ten in a month: a row a month, counted by a job."""

    __tablename__ = "reach"

    month: Mapped[date] = mapped_column(primary_key=True)
    #: Firms that stand in some list, and how many of them were seen at all and as promised.
    eligible: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    as_promised: Mapped[int] = mapped_column(default=0)
    #: Places of top tens that were looked at so far.
    places: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime] = mapped_column(default=clock.now)


class PointsBin(Base):
    """What became of requests by the points on the page when they were sent; recounted by a job.

    Only requests that have come to an end: answered, run out, or taken back.
    """

    __tablename__ = "points_bin"

    #: `organisations.models.Kind`: money and services are answered differently.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The points from which the bin begins: 0, 10 ... 90; the last holds 100 too.
    least: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[int]
    replied: Mapped[int]
    accepted: Mapped[int]
    met: Mapped[int]
    agreed: Mapped[int]
