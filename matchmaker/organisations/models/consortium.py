"""A consortium: firms that ask for one offer together, as an organisation of its own."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.organisations.models.need import Need
from matchmaker.organisations.models.offer import Offer
from matchmaker.organisations.models.organisation import Organisation

_GOES_ON = text("ended_at IS NULL")
#: Enum columns store names, not values.
_JOINED = text("state = 'JOINED'")


class FirmState(enum.StrEnum):
    INVITED = "invited"
    JOINED = "joined"
    #: Read by nobody but the firm itself: to the others it has not joined.
    DECLINED = "declined"
    #: The coordinator took the invitation back.
    WITHDRAWN = "withdrawn"
    LEFT = "left"


class Consortium(Base):
    __tablename__ = "consortium"
    __table_args__ = (
        Index(
            "uq_consortium_going_on",
            "started_for_id",
            "offer_id",
            unique=True,
            sqlite_where=_GOES_ON,
            postgresql_where=_GOES_ON,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The organisation that the firms are together; it has no members of its own.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), unique=True
    )
    #: The firm that speaks for all: its people act for the group as its owners.
    coordinator_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: What the group looks for: the sum.
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), unique=True)
    #: The need of the firm that began, and the offer whose ticket it could not reach.
    started_for_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    coordinator: Mapped[Organisation] = relationship(foreign_keys=[coordinator_id])
    need: Mapped[Need] = relationship(foreign_keys=[need_id])
    started_for: Mapped[Need] = relationship(foreign_keys=[started_for_id])
    offer: Mapped[Offer] = relationship()
    firms: Mapped[list[ConsortiumFirm]] = relationship(
        back_populates="consortium", order_by="ConsortiumFirm.id"
    )


class ConsortiumFirm(Base, PublicId):
    """One firm in a group, or invited to it, with the need it brings."""

    __tablename__ = "consortium_firm"
    __table_args__ = (
        UniqueConstraint("consortium_id", "organisation_id"),
        Index("ix_consortium_firm_organisation", "organisation_id", "id"),
        # A need counts in one sum at a time.
        Index(
            "uq_consortium_firm_joined",
            "need_id",
            unique=True,
            sqlite_where=_JOINED,
            postgresql_where=_JOINED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consortium_id: Mapped[int] = mapped_column(ForeignKey("consortium.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    state: Mapped[FirmState] = mapped_column(
        Enum(FirmState, native_enum=False, length=20), default=FirmState.INVITED
    )
    #: It lets the others of this group read its name; the coordinator's also who is invited.
    shows_name: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: After this day nobody can join by this invitation.
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )

    consortium: Mapped[Consortium] = relationship(back_populates="firms")
    organisation: Mapped[Organisation] = relationship()
    need: Mapped[Need] = relationship()


class ConsortiumSight(Base):
    """A need of another firm that a page of groups showed to a firm on a day: it counts as seen."""

    __tablename__ = "consortium_sight"

    #: The firm that looked for others to ask with.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), primary_key=True, index=True
    )
