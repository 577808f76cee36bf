"""What happened to a contact request: its history, as both sides see it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.suggestions.models import Side


class EventKind(enum.StrEnum):
    SENT = "sent"
    #: The other side asked as well while the request was open.
    ASKED_TOO = "asked_too"
    SEEN = "seen"
    REMINDED = "reminded"
    NUDGED = "nudged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELEASED = "released"
    REVOKED = "revoked"
    OUTCOME = "outcome"
    CLOSED = "closed"
    DATES_PROPOSED = "dates_proposed"
    DATE_TAKEN = "date_taken"
    DATES_REFUSED = "dates_refused"
    DATE_OFF = "date_off"
    #: Both were asked whether they still talk.
    STILL_ON = "still_on"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    ASKED_FOR_MORE = "asked_for_more"
    ANSWERED_MORE = "answered_more"
    #: A colleague of whoever left looks after it now.
    HANDED_OVER = "handed_over"


class ContactEvent(Base):
    __tablename__ = "contact_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[EventKind] = mapped_column(Enum(EventKind, native_enum=False, length=20))
    #: Empty when the programme or the calendar did it.
    side: Mapped[Side | None] = mapped_column(Enum(Side, native_enum=False, length=20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: A decline reason, an outcome, the name of a contact field; never a text.
    code: Mapped[str] = mapped_column(String(60), default="")
    #: Indexed for the roll-ups, which ask what is new.
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
