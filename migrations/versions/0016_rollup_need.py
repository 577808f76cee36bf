"""rollup need

What each need adds to its month, so that a count of what changed need not read the whole month.
The next count is a whole one: it fills the table.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "rollup_need"
INDEX = "ix_rollup_need_month"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("part", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_rollup_need")),
    )
    op.create_index(INDEX, TABLE, ["month"])
    op.execute("UPDATE count_state SET counted_at = NULL")


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_table(TABLE)
