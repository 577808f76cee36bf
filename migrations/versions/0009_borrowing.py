"""borrowing

What a loan offer says of its terms, and by whom its funder is licensed.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXTS = (("offer", "interest_counted", 12), ("offer", "fee_when", 12))
LICENCE = (("organisation", "licence_authority", 120), ("organisation", "licence_number", 60))
#: (table, column, type): empty where nothing is said.
UNSAID = (
    ("offer", "fee_percent", sa.Float),
    ("offer", "fee_fixed_minor", sa.BigInteger),
    ("offer", "months_min", sa.Integer),
    ("offer", "months_max", sa.Integer),
    ("offer", "grace_months", sa.Integer),
    ("organisation", "licence_until", sa.Date),
)


def upgrade() -> None:
    for table, name, length in (*TEXTS, *LICENCE):
        text = sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        op.add_column(table, text)
    for table, name, kind in UNSAID:
        op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.add_column("offer", sa.Column("security", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("offer", "security")
    for table, name, _kind in UNSAID:
        op.drop_column(table, name)
    for table, name, _length in (*TEXTS, *LICENCE):
        op.drop_column(table, name)
