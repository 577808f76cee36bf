"""introducers

Introducers are few among many organisations: each page of statistics read them all for its filter.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "organisation"
INDEX = "ix_organisation_introducer"


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["is_introducer", "state", "name"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
