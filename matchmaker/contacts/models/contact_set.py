"""A set: requests that a firm sent together, because the offers answer its need together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.contacts.models.contact_request import ContactRequest
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base


class ContactSet(Base):
    """It holds no person: who asked stands in its requests."""

    __tablename__ = "contact_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    #: What the page of the set said at the moment of asking: points, and per cent of the amount.
    score: Mapped[float] = mapped_column(Float)
    coverage: Mapped[int]
    model_version: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)


class ContactSetPart(Base):
    """One request of a set; a request belongs to one set, the last that it was asked in."""

    __tablename__ = "contact_set_part"

    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contact_set_id: Mapped[int] = mapped_column(
        ForeignKey("contact_set.id", ondelete="CASCADE"), index=True
    )
    #: `matching.stacks.Role`, and its place in the order to ask in, from 1.
    role: Mapped[str] = mapped_column(String(20))
    place: Mapped[int]
    #: The service that a provider is asked for, ``service:ACCOUNTING``; empty for money.
    service: Mapped[str] = mapped_column(String(60), default="")

    request: Mapped[ContactRequest] = relationship()
