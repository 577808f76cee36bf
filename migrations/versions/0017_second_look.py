"""second look

What waits for a second look is few among many: the reviews page read every organisation for it.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "organisation"
INDEX = "ix_organisation_second_look"


def upgrade() -> None:
    waits = sa.text("second_look_at IS NOT NULL")
    columns = ["second_look_at", "id"]
    op.create_index(INDEX, TABLE, columns, sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
