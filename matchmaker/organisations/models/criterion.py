"""A criterion: one fact that an offer asks of a firm."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions.database import Base
from matchmaker.organisations.models.offer import Offer


class Operator(enum.StrEnum):
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    HAS = "has"


class CriterionSource(enum.StrEnum):
    DECLARED = "declared"
    HISTORY = "history"


class Criterion(Base):
    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    #: From the closed list vocabulary.facts.FACTS.
    fact: Mapped[str] = mapped_column(String(40))
    operator: Mapped[Operator] = mapped_column(Enum(Operator, native_enum=False, length=20))
    values: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: A must is a gate; what is preferred never hides anything.
    must: Mapped[bool] = mapped_column(default=True)
    source: Mapped[CriterionSource] = mapped_column(
        Enum(CriterionSource, native_enum=False, length=20), default=CriterionSource.DECLARED
    )

    offer: Mapped[Offer] = relationship(back_populates="criteria")
