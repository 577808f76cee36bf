"""A person who signs in, by e-mail, telephone number or user name."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy import JSON, BigInteger, Enum, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions.database import Base, PublicId, Timestamps


class StaffRole(enum.StrEnum):
    VIEWER = "viewer"
    OFFICER = "officer"
    ADMIN = "admin"


#: Who does what is to be done, not only looks.
ACTING = (StaffRole.OFFICER, StaffRole.ADMIN)


class Scope(enum.StrEnum):
    ALL = "all"
    PROVINCE = "province"
    MEMBERS = "members"


class Account(Base, PublicId, Timestamps, UserMixin):
    __tablename__ = "account"
    NAME_MAX = 120
    EMAIL_MAX = 254
    USERNAME_MIN, USERNAME_MAX = 3, 40

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    #: May be empty: many owners have a telephone only.
    email: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(EMAIL_MAX), unique=True
    )
    #: E.164.
    telephone: Mapped[str | None] = mapped_column(String(20), unique=True)
    username: Mapped[str | None] = mapped_column(String(USERNAME_MAX), unique=True)
    #: Equal for user names that look alike, so that nobody can pass for another.
    username_key: Mapped[str | None] = mapped_column(String(USERNAME_MAX), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    #: False while suspended and after erasure.
    active: Mapped[bool] = mapped_column(default=True)
    #: What Flask-Security ties its tokens to; changed to make them all worthless.
    fs_uniquifier: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: uuid.uuid4().hex
    )
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    #: Encrypted with SECURITY_TOTP_SECRETS.
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    #: The newest time step a code was accepted for: no code counts twice.
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    #: Encrypted, each used once.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Vientiane")
    #: Empty for everybody who is not programme staff.
    staff_role: Mapped[StaffRole | None] = mapped_column(
        Enum(StaffRole, native_enum=False, length=20)
    )
    scope: Mapped[Scope] = mapped_column(
        Enum(Scope, native_enum=False, length=20), default=Scope.ALL
    )
    #: Province codes for Scope.PROVINCE, introducing organisations' ids for Scope.MEMBERS.
    scope_values: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: Made by the demo, with a password that everybody knows: stops a start in production.
    is_demo: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security asks for roles; ours are memberships and `staff_role`."""
        return []

    @property
    def is_staff(self) -> bool:
        return self.staff_role is not None

    @property
    def identity(self) -> str:
        """What the person signs in with, for showing it back."""
        return self.email or self.telephone or self.username or ""

    @property
    def needs_second_factor(self) -> bool:
        return self.is_staff or self.tf_primary_method is not None
