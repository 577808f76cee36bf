"""waits for

Whom an ask and proposed dates wait for, so that the first page finds those of an organisation at
once: a bank has hundreds of thousands of requests.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMN = "asked_organisation_id"
OPEN = sa.text("state = 'OPEN'")
INDEXES = (
    ("evidence_ask", "ix_evidence_ask_waits", [COLUMN, "id"]),
    ("meeting", "ix_meeting_waits", [COLUMN, "last_at"]),
)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("last_at", sa.DateTime(timezone=True), nullable=True))
    for table, by in (("evidence_ask", "asked_by"), ("meeting", "side")):
        op.add_column(table, sa.Column(COLUMN, sa.Integer(), nullable=False, server_default="0"))
        op.execute(
            f"UPDATE {table} SET {COLUMN} = (SELECT CASE {table}.{by} WHEN 'NEED'"
            " THEN offer_organisation_id ELSE need_organisation_id END"
            f" FROM contact_request WHERE contact_request.id = {table}.contact_request_id)"
        )
    _fill_last()
    for table, name, columns in INDEXES:
        op.create_index(name, table, columns, sqlite_where=OPEN, postgresql_where=OPEN)


def _fill_last() -> None:
    """Of those that still wait: of the others nobody asks."""
    meeting = sa.table(
        "meeting",
        sa.column("id", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("times", sa.JSON()),
        sa.column("last_at", sa.DateTime(timezone=True)),
    )
    rows = sa.select(meeting.c.id, meeting.c.times).where(meeting.c.state == "OPEN")
    for id, times in op.get_bind().execute(rows).all():
        last = max(datetime.fromisoformat(one) for one in times)
        op.execute(sa.update(meeting).where(meeting.c.id == id).values(last_at=last))


def downgrade() -> None:
    for table, name, _columns in INDEXES:
        op.drop_index(name, table)
        op.drop_column(table, COLUMN)
    op.drop_column("meeting", "last_at")
