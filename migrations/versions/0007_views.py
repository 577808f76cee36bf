"""views

Saved views of the screening desk, who is mailed of them, and when.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _views()
    _mails()
    # Who came in lately is asked for by the day of publication.
    op.create_index("ix_need_published_at", "need", ["published_at"])


def _views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("order", _order(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slot BETWEEN 1 AND 20", name=op.f("ck_saved_view_slot_in_range")),
        _to("saved_view", "organisation_id", "organisation", "CASCADE"),
        _to("saved_view", "offer_id", "offer", "CASCADE"),
        _to("saved_view", "created_by_id", "account", "SET NULL"),
        _to("saved_view", "updated_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_view_public_id")),
        sa.UniqueConstraint(
            "organisation_id", "slot", name=op.f("uq_saved_view_organisation_id_slot")
        ),
    )
    op.create_index("ix_saved_view_offer_id", "saved_view", ["offer_id"])
    op.create_index("ix_saved_view_created_by_id", "saved_view", ["created_by_id"])


def _order() -> sa.Enum:
    return sa.Enum("SCORE", "NEWEST", "ACTIVE", name="vieworder", native_enum=False, length=20)


def _mails() -> None:
    op.create_table(
        "view_mail",
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _to("view_mail", "view_id", "saved_view", "CASCADE"),
        _to("view_mail", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("view_id", "account_id", name=op.f("pk_view_mail")),
    )
    op.create_index("ix_view_mail_account_id", "view_mail", ["account_id"])
    op.create_table(
        "view_digest",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("through", sa.DateTime(timezone=True), nullable=False),
        _to("view_digest", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_view_digest")),
    )
    op.create_index("ix_view_digest_due_at", "view_digest", ["due_at"])


def _to(table: str, column: str, other: str, ending: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ending)


def downgrade() -> None:
    op.drop_index("ix_need_published_at", "need")
    op.drop_table("view_digest")
    op.drop_table("view_mail")
    op.drop_table("saved_view")
