"""An organisation: what it may do is a set of roles, and any may hold needs and offers."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Enum, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions.database import Base, PublicId, Timestamps
from matchmaker.matching.consortia import GROUP_FORM

if TYPE_CHECKING:
    from matchmaker.organisations.models.business_id import BusinessId
    from matchmaker.organisations.models.membership import Membership
    from matchmaker.organisations.models.need import Need
    from matchmaker.organisations.models.offer import Offer
    from matchmaker.organisations.models.organisation_fact import OrganisationFact

REPLY_BINS = 24


class OrganisationState(enum.StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    SUSPENDED = "suspended"


class Organisation(Base, PublicId, Timestamps):
    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        Index("ix_organisation_twin", "name_key", "province"),
        # Few wait among many: the page of reviews counts them and reads the oldest.
        Index(
            "ix_organisation_second_look",
            "second_look_at",
            "id",
            sqlite_where=text("second_look_at IS NOT NULL"),
            postgresql_where=text("second_look_at IS NOT NULL"),
        ),
        # Few among many too: a filter of the statistics lists them by name.
        # Whole: SQLite prefers the one of states to one of a part.
        Index("ix_organisation_introducer", "is_introducer", "state", "name"),
    )
    NAME_MAX = 160
    ABOUT_MAX = 4000

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Optimistic lock: a form carries it, a stale one is answered with 409.
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[OrganisationState] = mapped_column(
        Enum(OrganisationState, native_enum=False, length=20),
        default=OrganisationState.DRAFT,
        index=True,
    )
    is_firm: Mapped[bool] = mapped_column(default=False)
    is_funder: Mapped[bool] = mapped_column(default=False)
    is_provider: Mapped[bool] = mapped_column(default=False)
    is_introducer: Mapped[bool] = mapped_column(default=False)

    #: In its own script.
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    name_lang: Mapped[str] = mapped_column(String(8), default="en")
    name_latin: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    #: `language.keys.name_key`: equal for names that look alike.
    name_key: Mapped[str] = mapped_column(String(NAME_MAX), default="", index=True)
    #: A firm's name shows to the other side only if it ticked so.
    show_name: Mapped[bool] = mapped_column(default=False)

    country: Mapped[str] = mapped_column(String(2), default="LA")
    #: ISO 3166-2 code as it was given; compared through `vocabulary.places.current`.
    province: Mapped[str] = mapped_column(String(10), default="", index=True)
    district: Mapped[str] = mapped_column(String(120), default="")
    #: The owner's plain word (vocabulary.sectors.PLAIN) and the ISIC rev. 4 code behind it.
    plain_sector: Mapped[str] = mapped_column(String(40), default="")
    sector: Mapped[str] = mapped_column(String(10), default="", index=True)
    stage: Mapped[str] = mapped_column(String(20), default="")
    legal_form: Mapped[str] = mapped_column(String(40), default="")
    founded_year: Mapped[int | None]
    staff: Mapped[int | None]
    #: Yearly turnover and capital are private: nobody on the other side reads more than a band.
    turnover_minor: Mapped[int | None] = mapped_column(BigInteger)
    capital_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="LAK")
    #: Size class by the country's law, and the id of the rule that gave it.
    size_class: Mapped[str] = mapped_column(String(20), default="", index=True)
    size_rule: Mapped[str] = mapped_column(String(60), default="")
    #: Languages it works in.
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Per cent owned by women, and whether women decide; empty = not said.
    women_share: Mapped[int | None]
    women_decide: Mapped[bool | None]
    #: vocabulary.ownership codes the organisation states of itself (women_led, family ...).
    ownership: Mapped[list[str]] = mapped_column(JSON, default=list)
    exports: Mapped[bool | None]
    #: Per cent of sales that is exported.
    export_share: Mapped[int | None]
    export_countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    certificates: Mapped[list[str]] = mapped_column(JSON, default=list)
    impact: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Answers 0..3 to the digital self-check by dimension, and the score 0..100 they give.
    readiness_answers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    readiness: Mapped[int | None]
    about: Mapped[str] = mapped_column(Text, default="")
    about_lang: Mapped[str] = mapped_column(String(8), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    #: Facet -> scheme:code values of schemes that we do not hold (imports keep them).
    attributes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    #: Who lets it lend, under which number, until when; public, as its offers are.
    licence_authority: Mapped[str] = mapped_column(String(120), default="", server_default="")
    licence_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    licence_until: Mapped[date | None]

    #: Whom to reach; released by name, on acceptance only.
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_telephone: Mapped[str] = mapped_column(String(40), default="")
    contact_address: Mapped[str] = mapped_column(String(300), default="")

    #: The steps of the profile that were saved once.
    steps_done: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: What the reviewer wrote when sending it back.
    review_note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    #: Set by an edit after publication, cleared by the reviewer's second look.
    second_look_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime | None]
    #: Counts of answered requests by reply time, 24 logarithmic bins.
    reply_bins: Mapped[list[int]] = mapped_column(JSON, default=lambda: [0] * REPLY_BINS)

    #: Requests in a row that ended without its answer, and since when it is paused for it.
    missed: Mapped[int] = mapped_column(default=0, server_default="0")
    silent_since: Mapped[datetime | None]

    #: Where it came from ("" = entered here) and its key there.
    source: Mapped[str | None] = mapped_column(String(60))
    source_key: Mapped[str | None] = mapped_column(String(120))
    #: Shared by those that one import brought in, so that they can be reviewed together.
    import_id: Mapped[str | None] = mapped_column(String(12), index=True)

    needs: Mapped[list[Need]] = relationship(back_populates="organisation")
    offers: Mapped[list[Offer]] = relationship(back_populates="organisation")
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")
    business_ids: Mapped[list[BusinessId]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    facts: Mapped[list[OrganisationFact]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def is_group(self) -> bool:
        """Whether it stands for several firms that ask together."""
        return f"legal:{self.legal_form}" == GROUP_FORM

    @property
    def roles(self) -> tuple[str, ...]:
        names = ("firm", "funder", "provider", "introducer")
        return tuple(name for name in names if getattr(self, f"is_{name}"))

    @property
    def is_published(self) -> bool:
        return self.state is OrganisationState.PUBLISHED
