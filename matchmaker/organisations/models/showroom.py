"""A showroom: what an organisation sells, on a page that it may open to everybody."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import clock
from matchmaker.extensions.database import PUBLIC_ID_ALPHABET, Base, PublicId, Timestamps
from matchmaker.organisations.models.organisation import Organisation

CODE_LENGTH = 8


def new_code() -> str:
    """Short enough to write on a wall; it says nothing of who it is."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(CODE_LENGTH))


class Showroom(Base):
    """One an organisation, made with its first product."""

    __tablename__ = "showroom"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), unique=True
    )
    #: What its public address ends in.
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True, default=new_code)
    #: Since when everybody may see it, by whose decision; empty = off, as at first.
    open_since: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: Whether search engines may list it.
    searchable: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = relationship()
    products: Mapped[list[Product]] = relationship(
        back_populates="showroom", order_by="Product.position, Product.id"
    )

    @property
    def is_public(self) -> bool:
        """Open by its own decision, of an organisation that is published now."""
        return self.open_since is not None and self.organisation.is_published


class Product(Base, PublicId, Timestamps):
    __tablename__ = "product"
    __table_args__ = (Index("ix_product_showroom_id", "showroom_id", "position"),)
    NAME_MAX = 120
    WORDS_MAX = 600

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: From 1, without gaps; kept by `services.product` alone.
    position: Mapped[int]
    #: In the maker's own script.
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    words: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8))
    #: ISIC class of what it is; HS codes are not held.
    sector: Mapped[str] = mapped_column(String(10), default="")
    #: Minor units; the first alone is the price, the second alone "up to", neither "ask".
    price_min_minor: Mapped[int | None] = mapped_column(BigInteger)
    price_max_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    #: What the price is for, a code of `forms.product.UNITS`; empty = not said.
    unit: Mapped[str] = mapped_column(String(12), default="")
    certificates: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Languages one can order it in.
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)

    showroom: Mapped[Showroom] = relationship(back_populates="products")
    photos: Mapped[list[ProductPhoto]] = relationship(order_by="ProductPhoto.id")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class ProductPhoto(Base):
    """One photo in two sizes; the pictures stand in the data folder, never here."""

    __tablename__ = "product_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    #: Random, in the folder of showrooms; what the sender called it is not kept.
    small: Mapped[str] = mapped_column(String(32), unique=True)
    large: Mapped[str] = mapped_column(String(32), unique=True)
    #: Pixels of the small one: a page keeps its place before it comes.
    width: Mapped[int]
    height: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
