"""A success story: what the two sides of an agreement say of it to everybody, once reviewed."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.contacts.models.contact_request import ContactRequest
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.suggestions.models import Side


class StoryState(enum.StrEnum):
    #: One side has not agreed to it, or no longer does.
    OPEN = "open"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"


class Story(Base, PublicId):
    __tablename__ = "story"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[StoryState] = mapped_column(
        Enum(StoryState, native_enum=False, length=20), default=StoryState.OPEN, index=True
    )
    #: Goes up with every word changed: what staff publish is what they read.
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]

    parts: Mapped[list[StoryPart]] = relationship(order_by="StoryPart.side", viewonly=True)
    contact_request: Mapped[ContactRequest] = relationship()

    def part(self, side: Side) -> StoryPart | None:
        return next((part for part in self.parts if part.side is side), None)


class StoryPart(Base):
    """The words of one side, and its consent to show them; gone when it takes them back."""

    __tablename__ = "story_part"
    __table_args__ = (UniqueConstraint("story_id", "side"),)
    TEXT_MAX = 600

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: May be empty on the side that offers.
    text: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    lang: Mapped[str] = mapped_column(String(8), default="en")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    consented_at: Mapped[datetime] = mapped_column(default=clock.now)
