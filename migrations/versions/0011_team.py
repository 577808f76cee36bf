"""team

Who of a side looks after a request, who has left an organisation, papers that go with a message,
and how many places an offer has in one month only.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROLE = sa.Enum("OWNER", "MEMBER", name="membershiprole", native_enum=False, length=20)
#: Of each side: who asked or answered for it looks after what came of it.
KEEPERS = (
    ("need_keeper_id", "CASE WHEN asked_by = 'NEED' THEN sender_id ELSE answered_by_id END"),
    ("offer_keeper_id", "CASE WHEN asked_by = 'OFFER' THEN sender_id ELSE answered_by_id END"),
)


def upgrade() -> None:
    op.create_table(
        "former_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("handed_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_former_member_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["account.id"],
                name=op.f(f"fk_former_member_{column}_account"),
                ondelete="SET NULL",
            )
            for column in ("account_id", "ended_by_id", "handed_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_member")),
    )
    for column in ("organisation_id", "account_id"):
        op.create_index(op.f(f"ix_former_member_{column}"), "former_member", [column])
    op.add_column("message", sa.Column("files", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("offer", sa.Column("month_places", sa.Integer(), nullable=True))
    op.add_column(
        "offer", sa.Column("places_month", sa.String(length=7), server_default="", nullable=False)
    )
    with op.batch_alter_table("contact_request") as table:
        for column, _whose in KEEPERS:
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_contact_request_{column}_account"),
                "account",
                [column],
                ["id"],
                ondelete="SET NULL",
            )
    for column, whose in KEEPERS:
        op.execute(sa.text(f"UPDATE contact_request SET {column} = {whose}"))
    op.create_index("ix_audit_event_organisation_at", "audit_event", ["organisation_id", "at"])
    op.drop_index(op.f("ix_audit_event_organisation_id"), table_name="audit_event")


def downgrade() -> None:
    op.create_index(op.f("ix_audit_event_organisation_id"), "audit_event", ["organisation_id"])
    op.drop_index("ix_audit_event_organisation_at", table_name="audit_event")
    with op.batch_alter_table("contact_request") as table:
        for column, _whose in reversed(KEEPERS):
            table.drop_constraint(op.f(f"fk_contact_request_{column}_account"), type_="foreignkey")
            table.drop_column(column)
    op.drop_column("offer", "places_month")
    op.drop_column("offer", "month_places")
    op.drop_column("message", "files")
    op.drop_table("former_member")
