"""What a need and an offer share: how they are published, expire and are closed."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, String
from sqlalchemy.orm import Mapped, mapped_column


class Kind(enum.StrEnum):
    FINANCE = "finance"
    SERVICE = "service"


class PublicationState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"
    EXPIRED = "expired"


class Publication:
    TITLE_MAX = 160
    TEXT_MAX = 4000

    kind: Mapped[Kind] = mapped_column(Enum(Kind, native_enum=False, length=20))
    state: Mapped[PublicationState] = mapped_column(
        Enum(PublicationState, native_enum=False, length=20),
        default=PublicationState.DRAFT,
        index=True,
    )
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    #: Its owner is done writing: a draft goes out as soon as its organisation is published.
    ready: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    #: 90 days after the last sign of life; a job then expires it.
    expires_at: Mapped[datetime | None]
    #: When its owner was told that it will soon expire.
    notice_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: vocabulary.reasons.CLOSE_REASONS: answered here, elsewhere, given up.
    close_reason: Mapped[str] = mapped_column(String(40), default="")
    #: Where it came from and its key there.
    source: Mapped[str | None] = mapped_column(String(60))
    source_key: Mapped[str | None] = mapped_column(String(120))
