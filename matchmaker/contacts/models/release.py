"""What one organisation showed another after a yes, and who looked at it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.organisations.models import Organisation


class Release(Base):
    """One contact field, by name, of one organisation to one counterpart; it can be taken back."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("contact_request_id", "organisation_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    #: Whose it is.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    to_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: From fields.FIELDS; the value itself stays where it is and is read when shown.
    field: Mapped[str] = mapped_column(String(40))
    released_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
    released_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    to_organisation: Mapped[Organisation] = relationship(foreign_keys=[to_organisation_id])


class ContactView(Base):
    """Somebody looked at released details: one row a person, request, day and set of fields."""

    __tablename__ = "contact_view"
    __table_args__ = (
        UniqueConstraint(
            "contact_request_id", "organisation_id", "account_id", "day", "fields_key"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_request_id: Mapped[int] = mapped_column(
        ForeignKey("contact_request.id", ondelete="CASCADE")
    )
    #: Whose details they were.
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    viewer_organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE")
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    fields: Mapped[list[Any]] = mapped_column(JSON, default=list)
    fields_key: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    times: Mapped[int] = mapped_column(default=1)

    viewer_organisation: Mapped[Organisation] = relationship(foreign_keys=[viewer_organisation_id])
