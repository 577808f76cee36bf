"""What is missing as of now: unmet needs, doors that one change opens, offers nobody asked for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions.database import Base


class UnmetNeed(Base):
    """Open needs without one eligible offer, by the gate that stops most offers for each."""

    __tablename__ = "unmet_need"
    __table_args__ = (Index("ix_unmet_need_province", "province"),)

    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: A fact, or `services.gaps.NO_OFFER`.
    gate: Mapped[str] = mapped_column(String(40), primary_key=True)
    needs: Mapped[int]
    #: Open offers of this kind and code, wherever they are.
    offers: Mapped[int]


class LeverDoor(Base):
    """Offers that open needs miss by one fact alone, and that a firm can do something about."""

    __tablename__ = "lever_door"
    __table_args__ = (Index("ix_lever_door_province", "province"),)

    province: Mapped[str] = mapped_column(String(10), primary_key=True)
    introducers: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    women: Mapped[str] = mapped_column(String(20), primary_key=True)
    fact: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Needs that miss at least one offer by it, and pairs of a need and such an offer.
    needs: Mapped[int]
    doors: Mapped[int]


class UnaskedOffer(Base):
    """An open offer that no request was ever about, a month or more after its publication."""

    __tablename__ = "unasked_offer"
    __table_args__ = (Index("ix_unasked_offer_province", "province"),)

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True
    )
    #: Of the organisation that makes it.
    province: Mapped[str] = mapped_column(String(10))
    introducers: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    published_on: Mapped[date]
    #: Needs it was shown to.
    shown: Mapped[int]
