"""showroom

An organisation shows up to twelve products on a page that it may open to everybody.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _showrooms()
    _products()
    _photos()


def _showrooms() -> None:
    op.create_table(
        "showroom",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("open_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("searchable", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _to("showroom", "organisation_id", "organisation", "CASCADE"),
        _to("showroom", "opened_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showroom")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_showroom_organisation_id")),
        sa.UniqueConstraint("code", name=op.f("uq_showroom_code")),
    )


def _products() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("showroom_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=10), nullable=False),
        sa.Column("price_min_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_max_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _to("product", "showroom_id", "showroom", "CASCADE"),
        _to("product", "organisation_id", "organisation", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("public_id", name=op.f("uq_product_public_id")),
    )
    op.create_index("ix_product_showroom_id", "product", ["showroom_id", "position"])
    op.create_index(op.f("ix_product_organisation_id"), "product", ["organisation_id"])


def _photos() -> None:
    op.create_table(
        "product_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("small", sa.String(length=32), nullable=False),
        sa.Column("large", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        _to("product_photo", "product_id", "product", "CASCADE"),
        _to("product_photo", "organisation_id", "organisation", "CASCADE"),
        _to("product_photo", "sent_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_photo")),
        sa.UniqueConstraint("small", name=op.f("uq_product_photo_small")),
        sa.UniqueConstraint("large", name=op.f("uq_product_photo_large")),
    )
    for column in ("product_id", "organisation_id"):
        op.create_index(op.f(f"ix_product_photo_{column}"), "product_photo", [column])


def _to(table: str, column: str, other: str, ending: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ending)


def downgrade() -> None:
    for table in ("product_photo", "product", "showroom"):
        op.drop_table(table)
