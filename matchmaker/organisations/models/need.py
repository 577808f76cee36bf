"""A need: one thing looked for, finance or a service."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions.database import Base, PublicId, Timestamps
from matchmaker.organisations.models.organisation import Organisation
from matchmaker.organisations.models.publication import Publication


class Need(Base, PublicId, Timestamps, Publication):
    __tablename__ = "need"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        # Who came in lately.
        Index("ix_need_published_at", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Instrument or service category; empty when an import does not say.
    code: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(String(40), default="")
    #: Exact amount or budget: private; the other side reads the band.
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="LAK")
    #: Units of the currency per USD, and its date, with which the band was made.
    rate: Mapped[float | None] = mapped_column(Float)
    rate_on: Mapped[date | None]
    #: 1-2-5 band in USD; high is empty for the open top band, low is empty when no amount is known.
    band_low: Mapped[float | None] = mapped_column(Float)
    band_high: Mapped[float | None] = mapped_column(Float)
    needed_by: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="en")
    #: One of the seven policies of the SME plan (vocabulary.policies).
    policy: Mapped[str] = mapped_column(String(40), default="")
    #: Readings (`language.glossary.Reading.key`) the owner struck from "we understood".
    struck_concepts: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Facet -> scheme:code values kept from an import.
    attributes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    organisation: Mapped[Organisation] = relationship(back_populates="needs")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
