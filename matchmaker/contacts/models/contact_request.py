"""A contact request: one need and one organisation on the other side, which names the offer."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Enum, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Account
from matchmaker.contacts.models.meeting import LIVE, Meeting
from matchmaker.contacts.models.release import Release
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.organisations.models import Need, Offer, Organisation, OrganisationState
from matchmaker.suggestions.models import Side

if TYPE_CHECKING:
    from matchmaker.contacts.models.contact_set import ContactSetPart


class RequestState(enum.StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


#: While in one of these, the same two cannot be asked about the same need again.
OPEN_STATES = (RequestState.SENT, RequestState.ACCEPTED)
ANSWERABLE = (RequestState.SENT,)
#: Enum columns store names, not values.
_WHILE_OPEN = text("state IN ('SENT', 'ACCEPTED')")


class ContactRequest(Base, PublicId):
    __tablename__ = "contact_request"
    __table_args__ = (
        Index(
            "uq_contact_request_open",
            "need_id",
            "offer_organisation_id",
            unique=True,
            sqlite_where=_WHILE_OPEN,
            postgresql_where=_WHILE_OPEN,
        ),
        Index("ix_contact_request_need_organisation", "need_organisation_id", "state", "id"),
        Index(
            "ix_contact_request_offer_organisation",
            "offer_organisation_id",
            "state",
            "asked_by",
            "id",
        ),
        # What runs out first, and what was answered first: of a bank hundreds of thousands stand.
        Index(
            "ix_contact_request_offer_due",
            "offer_organisation_id",
            "state",
            "asked_by",
            "expires_at",
            "id",
        ),
        Index(
            "ix_contact_request_offer_answered",
            "offer_organisation_id",
            "state",
            "answered_at",
            "id",
        ),
        # Lists of all states, the newest first.
        Index("ix_contact_request_of_need", "need_organisation_id", "id"),
        Index("ix_contact_request_of_offer", "offer_organisation_id", "asked_by", "id"),
        Index("ix_contact_request_sender", "sender_id", "sent_at"),
        Index("ix_contact_request_due", "state", "expires_at"),
        Index("ix_contact_request_quiet", "quiet_at"),
        Index("ix_contact_request_answered", "state", "answered_at"),
    )
    MESSAGE_MAX = 2000
    NOTE_MAX = 500

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    need_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE")
    )
    offer_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE")
    )
    #: The side that asked; the other one answers.
    asked_by: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=20))
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="en")
    #: Contact fields the asking side agreed to share once the other side says yes.
    promised: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[RequestState] = mapped_column(
        Enum(RequestState, native_enum=False, length=20), default=RequestState.SENT
    )
    #: vocabulary.reasons.DECLINE_REASONS, and a word of one's own.
    decline_reason: Mapped[str] = mapped_column(String(40), default="")
    decline_note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    #: What the match page said at the moment of asking.
    score: Mapped[float | None] = mapped_column(Float)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    model_version: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    #: When somebody of the asked side first opened it.
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    #: Who of each side looks after it: whoever asked or answered, until it is handed over.
    need_keeper_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    offer_keeper_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    reminders: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    #: When both are asked whether they still talk, unless somebody says something before.
    quiet_at: Mapped[datetime | None]
    #: The side that ended the conversation for both, and may take that back.
    blocked_by: Mapped[Side | None] = mapped_column(Enum(Side, native_enum=False, length=20))
    blocked_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship()
    offer: Mapped[Offer] = relationship()
    need_organisation: Mapped[Organisation] = relationship(foreign_keys=[need_organisation_id])
    offer_organisation: Mapped[Organisation] = relationship(foreign_keys=[offer_organisation_id])
    need_keeper: Mapped[Account | None] = relationship(foreign_keys=[need_keeper_id])
    offer_keeper: Mapped[Account | None] = relationship(foreign_keys=[offer_keeper_id])
    releases: Mapped[list[Release]] = relationship(viewonly=True)
    #: Its part in a set that was asked for together, if it has one.
    set_part: Mapped[ContactSetPart | None] = relationship(viewonly=True)
    #: What the two try to agree on now.
    meeting: Mapped[Meeting | None] = relationship(
        primaryjoin=lambda: (
            (Meeting.contact_request_id == ContactRequest.id) & Meeting.state.in_(LIVE)
        ),
        uselist=False,
        viewonly=True,
    )

    def organisation_id(self, side: Side) -> int:
        return self.need_organisation_id if side is Side.NEED else self.offer_organisation_id

    def organisation(self, side: Side) -> Organisation:
        return self.need_organisation if side is Side.NEED else self.offer_organisation

    def keeper(self, side: Side) -> Account | None:
        return self.need_keeper if side is Side.NEED else self.offer_keeper

    @property
    def asked(self) -> Side:
        """The side that answers."""
        return other(self.asked_by)

    @property
    def asker_is_suspended(self) -> bool:
        """Nobody says yes to it meanwhile, nor owes it an answer."""
        return self.organisation(self.asked_by).state is OrganisationState.SUSPENDED

    def is_answerable(self, at: datetime) -> bool:
        """A request past its last day is over, even before the job has said so."""
        return self.state in ANSWERABLE and self.expires_at > at


def other(side: Side) -> Side:
    return Side.OFFER if side is Side.NEED else Side.NEED
