"""The pipeline of an organisation that offers: its stages, and the firms that stand in them."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, PublicId
from matchmaker.organisations.models import Need, Offer

#: Of one organisation.
MOST_STAGES = 12


class StageCode(enum.StrEnum):
    """The stages everybody begins with; their words are in the reader's language."""

    NEW = "new"
    REVIEWING = "reviewing"
    IN_TALK = "in_talk"
    DUE_DILIGENCE = "due_diligence"
    AGREED = "agreed"
    #: Where a bulk pass puts firms: it may be renamed and moved, not removed.
    PASSED = "passed"


class PipelineStage(Base, PublicId):
    __tablename__ = "pipeline_stage"
    __table_args__ = (
        # Two who write the first stages at once write the same ones.
        UniqueConstraint("organisation_id", "code"),
        Index("ix_pipeline_stage_organisation_id_place", "organisation_id", "place"),
    )
    NAME_MAX = 40

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    #: Empty of a stage that the organisation added.
    code: Mapped[StageCode | None] = mapped_column(Enum(StageCode, native_enum=False, length=20))
    #: Empty of a first stage that keeps its own words.
    name: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    #: From the left; of two in one place the older is first.
    place: Mapped[int]


class PipelinePass(Base, PublicId):
    """Several firms passed at once for one reason; it may be taken back for a while."""

    __tablename__ = "pipeline_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    #: vocabulary.reasons.DECLINE_REASONS; nobody outside is told.
    reason: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_at: Mapped[datetime | None]


class PipelineEntry(Base, PublicId):
    """A need that somebody of the organisation put in, for one of its offers."""

    __tablename__ = "pipeline_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "offer_id", "need_id"),
        Index("ix_pipeline_entry_stage", "organisation_id", "stage_id", "id"),
        Index("ix_pipeline_entry_newest", "organisation_id", "id"),
        Index("ix_pipeline_entry_assignee", "assignee_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    #: No ON DELETE: a stage that firms stand in cannot go.
    stage_id: Mapped[int] = mapped_column(ForeignKey("pipeline_stage.id"), index=True)
    #: The colleague who sees to it.
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    #: The bulk pass that put it where it is, and where it came from.
    pass_id: Mapped[int | None] = mapped_column(
        ForeignKey("pipeline_pass.id", ondelete="SET NULL"), index=True
    )
    passed_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("pipeline_stage.id", ondelete="SET NULL"), index=True
    )
    put_in_at: Mapped[datetime] = mapped_column(default=clock.now)

    offer: Mapped[Offer] = relationship()
    need: Mapped[Need] = relationship()
    assignee: Mapped[Account | None] = relationship()
    passed: Mapped[PipelinePass | None] = relationship()
    tags: Mapped[list[EntryTag]] = relationship(
        order_by=lambda: EntryTag.tag, passive_deletes=True, cascade="all, delete-orphan"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version, "version_id_generator": False}


class EntryTag(Base):
    """A word of one's own on an entry."""

    __tablename__ = "entry_tag"
    __table_args__ = (Index("ix_entry_tag_tag", "organisation_id", "tag", "entry_id"),)
    TAG_MAX = 30
    #: Of one entry.
    MOST = 8

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("pipeline_entry.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(TAG_MAX), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
