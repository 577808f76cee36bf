"""An offer: one thing given, a financing product or a service, with its criteria."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions.database import Base, PublicId, Timestamps
from matchmaker.organisations.models.organisation import Organisation
from matchmaker.organisations.models.publication import Publication

if TYPE_CHECKING:
    from matchmaker.organisations.models.criterion import Criterion


class Offer(Base, PublicId, Timestamps, Publication):
    __tablename__ = "offer"
    __table_args__ = (UniqueConstraint("source", "source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Instrument or service category; empty when an import does not say.
    code: Mapped[str] = mapped_column(String(40), default="", index=True)
    #: Purposes it names.
    purposes: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Ticket (finance) or price (service) range in minor units; public.
    amount_min_minor: Mapped[int | None] = mapped_column(BigInteger)
    amount_max_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    rate: Mapped[float | None] = mapped_column(Float)
    rate_on: Mapped[date | None]
    #: The same range in USD at that rate.
    usd_min: Mapped[float | None] = mapped_column(Float)
    usd_max: Mapped[float | None] = mapped_column(Float)
    #: For a service: per "once", "month" or "year".
    price_unit: Mapped[str] = mapped_column(String(10), default="")
    #: Yearly interest in per cent, and fees, as the offerer states them.
    interest_min: Mapped[float | None] = mapped_column(Float)
    interest_max: Mapped[float | None] = mapped_column(Float)
    fees: Mapped[str] = mapped_column(String(200), default="")
    #: Terms of a loan, codes of `models.loan_terms`; empty = the offerer has not said.
    interest_counted: Mapped[str] = mapped_column(String(12), default="", server_default="")
    #: Paid once: per cent of the amount, and a fixed sum in minor units of the offer's currency.
    fee_percent: Mapped[float | None] = mapped_column(Float)
    fee_fixed_minor: Mapped[int | None] = mapped_column(BigInteger)
    fee_when: Mapped[str] = mapped_column(String(12), default="", server_default="")
    months_min: Mapped[int | None]
    months_max: Mapped[int | None]
    #: First months in which interest alone is paid.
    grace_months: Mapped[int | None]
    security: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    free_tier: Mapped[bool] = mapped_column(default=False)
    works_offline: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Impact aims as scheme:code (sdg, iris, 2x).
    impact: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Title and organisation's names as `language.keys.search_key` folds them.
    search_key: Mapped[str] = mapped_column(String(600), default="")
    #: Steps of the form that were saved once.
    steps_done: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Thesis: what it looks for, in words.
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="en")
    decision_days: Mapped[int | None]
    #: False = "not deploying now": shown in the catalogue, not suggested.
    deploying: Mapped[bool] = mapped_column(default=True)
    #: Requests a month it can handle, and those taken in `used_month` ("2026-11").
    places: Mapped[int] = mapped_column(default=20)
    used: Mapped[int] = mapped_column(default=0)
    used_month: Mapped[str] = mapped_column(String(7), default="")
    #: Places of one month alone: in `places_month` they stand for `places`.
    month_places: Mapped[int | None]
    places_month: Mapped[str] = mapped_column(String(7), default="", server_default="")
    #: Dates of past deals by recency, from imports and outcomes: [[days ago bin, count], ...].
    activity: Mapped[list[Any]] = mapped_column(JSON, default=list)
    activity_on: Mapped[datetime | None]
    #: Readings its owner struck from "we understood".
    struck_concepts: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Facet -> scheme:code values kept from an import, most frequent first.
    attributes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    organisation: Mapped[Organisation] = relationship(back_populates="offers")
    criteria: Mapped[list[Criterion]] = relationship(
        back_populates="offer", cascade="all, delete-orphan", order_by="Criterion.id"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
