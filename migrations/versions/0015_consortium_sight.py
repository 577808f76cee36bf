"""consortium sight

Needs of other firms that the page of groups showed to a firm on a day: they count as seen.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "consortium_sight"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_consortium_sight_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["need.id"],
            name=op.f("fk_consortium_sight_need_id_need"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "day", "need_id", name=op.f("pk_consortium_sight")
        ),
    )
    op.create_index(op.f("ix_consortium_sight_need_id"), TABLE, ["need_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
