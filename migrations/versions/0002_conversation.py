"""conversation

What is said after a yes: messages, how far each has read, dates to meet, reports, and an end.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SIDE = sa.Enum("NEED", "OFFER", name="side", native_enum=False, length=20)
MEETING_STATE = sa.Enum(
    "OPEN", "TAKEN", "REFUSED", "OFF", "PAST", name="meetingstate", native_enum=False, length=20
)
REASON = sa.Enum(
    "FEE", "RUDE", "FALSE", "SPAM", "OTHER", name="reportreason", native_enum=False, length=20
)
UNREAD = sa.text("newest_id > read_id")
LIVE = sa.text("state IN ('OPEN', 'TAKEN')")


def upgrade() -> None:
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("blocked_by", SIDE, nullable=True))
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_contact_request_quiet", "contact_request", ["quiet_at"])
    _messages()
    _marks()
    _meetings()
    _reports()


def _of_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["contact_request_id"],
        ["contact_request.id"],
        name=op.f(f"fk_{table}_contact_request_id_contact_request"),
        ondelete="CASCADE",
    )


def _of_account(table: str, ondelete: str = "SET NULL") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["account.id"],
        name=op.f(f"fk_{table}_account_id_account"),
        ondelete=ondelete,
    )


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_request("message"),
        _of_account("message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
        sa.UniqueConstraint(
            "contact_request_id", "key", name=op.f("uq_message_contact_request_id_key")
        ),
    )
    op.create_index("ix_message_conversation", "message", ["contact_request_id", "id"])
    op.create_index("ix_message_account", "message", ["account_id", "at"])


def _marks() -> None:
    op.create_table(
        "message_mark",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        _of_request("message_mark"),
        _of_account("message_mark", "CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "contact_request_id", name=op.f("pk_message_mark")),
    )
    op.create_index(
        op.f("ix_message_mark_contact_request_id"), "message_mark", ["contact_request_id"]
    )
    op.create_index(
        "ix_message_mark_unread",
        "message_mark",
        ["account_id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("by_telephone", sa.Boolean(), nullable=False),
        sa.Column("state", MEETING_STATE, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _of_request("meeting"),
        _of_account("meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    op.create_index(op.f("ix_meeting_contact_request_id"), "meeting", ["contact_request_id"])
    op.create_index("ix_meeting_account", "meeting", ["account_id"])
    op.create_index(
        "uq_meeting_live",
        "meeting",
        ["contact_request_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_request("report"),
        _of_account("report"),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_report_message_id_message"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_contact_request_id"), "report", ["contact_request_id"])
    op.create_index(op.f("ix_report_message_id"), "report", ["message_id"])
    op.create_index("ix_report_account", "report", ["account_id", "at"])


def downgrade() -> None:
    for table in ("report", "meeting", "message_mark", "message"):
        op.drop_table(table)
    op.drop_index("ix_contact_request_quiet", table_name="contact_request")
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        for name in ("blocked_at", "blocked_by", "quiet_at"):
            batch_op.drop_column(name)
