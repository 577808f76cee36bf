"""readiness

The readiness self-check is kept over time; matches use it only while an organisation says so.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("day IS NULL")
STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _checks()
    _sharing()


def _checks() -> None:
    op.create_table(
        "self_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("filled_by_id", sa.Integer(), nullable=True),
        sa.Column("introducer_id", sa.Integer(), nullable=True),
        _to("self_check", "organisation_id", "organisation", "CASCADE"),
        _to("self_check", "filled_by_id", "account", "SET NULL"),
        _to("self_check", "introducer_id", "organisation", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_check")),
        sa.UniqueConstraint(
            "organisation_id", "day", name=op.f("uq_self_check_organisation_id_day")
        ),
    )
    op.create_index(
        "uq_self_check_open",
        "self_check",
        ["organisation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _sharing() -> None:
    op.create_table(
        "self_check_sharing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        _to("self_check_sharing", "organisation_id", "organisation", "CASCADE"),
        _to("self_check_sharing", "given_by_id", "account", "SET NULL"),
        _to("self_check_sharing", "ended_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_check_sharing")),
    )
    op.create_index(
        "ix_self_check_sharing_organisation_id", "self_check_sharing", ["organisation_id"]
    )
    op.create_index(
        "uq_self_check_sharing_standing",
        "self_check_sharing",
        ["organisation_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _to(table: str, column: str, other: str, ending: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ending)


def downgrade() -> None:
    op.drop_table("self_check_sharing")
    op.drop_table("self_check")
