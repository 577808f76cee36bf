"""Times one side proposes to meet, and which of them the other side took."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.suggestions.models import Side


class MeetingState(enum.StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    #: None of the times suited the other side.
    REFUSED = "refused"
    OFF = "off"
    #: All its times went by.
    PAST = "past"


LIVE = (MeetingState.OPEN, MeetingState.TAKEN)
_WHILE_LIVE = text("state IN ('OPEN', 'TAKEN')")
_WHILE_OPEN = text("state = 'OPEN'")


class Meeting(Base, PublicId):
    __tablename__ = "meeting"
    __table_args__ = (
        # One thing to agree on at a time: of two who propose at once one is first.
        Index(
            "uq_meeting_live",
            "contact_request_id",
            unique=True,
            sqlite_where=_WHILE_LIVE,
            postgresql_where=_WHILE_LIVE,
        ),
        Index("ix_meeting_account", "account_id"),
        Index(
            "ix_meeting_waits",
            "asked_organisation_id",
            "last_at",
            sqlite_where=_WHILE_OPEN,
            postgresql_where=_WHILE_OPEN,
        ),
    )
    TIMES_MAX = 3
    PLACE_MAX = 200
    #: Nobody says how long; calendars want an end.
    LENGTH = timedelta(hours=1)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"), index=True
    )
    #: Who proposed it.
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    #: Who is to answer: told by request and side, and kept here for the index.
    asked_organisation_id: Mapped[int] = mapped_column(server_default="0")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: ISO texts in UTC, the earliest first.
    times: Mapped[list[str]] = mapped_column(JSON)
    #: The last of them: once it is behind us nothing is left to take.
    last_at: Mapped[datetime | None]
    #: The proposer's, in which they were typed.
    time_zone: Mapped[str] = mapped_column(String(64))
    #: Empty: by telephone.
    place: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    by_telephone: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MeetingState] = mapped_column(
        Enum(MeetingState, native_enum=False, length=20), default=MeetingState.OPEN
    )
    #: The time that was taken.
    starts_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]

    @property
    def moments(self) -> list[datetime]:
        return [datetime.fromisoformat(one) for one in self.times]

    def is_past(self, now: datetime) -> bool:
        return (self.starts_at or max(self.moments)) < now
