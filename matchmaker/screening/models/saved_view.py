"""A saved view: an offer with filters, an order and columns under a name; and the mail of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId, Timestamps
from matchmaker.organisations.models import Offer, Organisation

#: Of one organisation.
MOST_VIEWS = 20


class ViewOrder(enum.StrEnum):
    """`matching.index.Order` as a column."""

    SCORE = "score"
    NEWEST = "newest"
    ACTIVE = "active"


class SavedView(Base, PublicId, Timestamps):
    """Belongs to the organisation: whoever leaves it leaves the view."""

    __tablename__ = "saved_view"
    __table_args__ = (
        # Numbered places, so that two who save at once cannot pass the limit together.
        UniqueConstraint("organisation_id", "slot"),
        CheckConstraint(f"slot BETWEEN 1 AND {MOST_VIEWS}", name="slot_in_range"),
    )
    NAME_MAX = 80

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    slot: Mapped[int]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    #: The answers of `suggestions.forms.NeedFilterForm` that narrow anything.
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    order: Mapped[ViewOrder] = mapped_column(
        Enum(ViewOrder, native_enum=False, length=20), default=ViewOrder.SCORE
    )
    #: Codes of `screening.columns`, in its order.
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()
    offer: Mapped[Offer] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class ViewMail(Base):
    """Somebody wants to hear of new firms in a view; colleagues choose for themselves."""

    __tablename__ = "view_mail"

    view_id: Mapped[int] = mapped_column(
        ForeignKey("saved_view.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: Points from which on a firm is told of.
    least: Mapped[int]
    since: Mapped[datetime] = mapped_column(default=clock.now)


class ViewDigest(Base):
    """When a person's one mail a week is due, and up to when firms were told of."""

    __tablename__ = "view_digest"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(index=True)
    through: Mapped[datetime]
