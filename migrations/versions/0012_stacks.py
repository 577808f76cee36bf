"""stacks

Requests that a firm sends together: the set, and which part each request has in it.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("coverage", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _to("contact_set", "need_id", "need"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_set")),
    )
    op.create_index(op.f("ix_contact_set_need_id"), "contact_set", ["need_id"])
    op.create_table(
        "contact_set_part",
        sa.Column("contact_request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_set_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        _to("contact_set_part", "contact_request_id", "contact_request"),
        _to("contact_set_part", "contact_set_id", "contact_set"),
        sa.PrimaryKeyConstraint("contact_request_id", name=op.f("pk_contact_set_part")),
    )
    op.create_index(
        op.f("ix_contact_set_part_contact_set_id"), "contact_set_part", ["contact_set_id"]
    )


def downgrade() -> None:
    op.drop_table("contact_set_part")
    op.drop_table("contact_set")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )
