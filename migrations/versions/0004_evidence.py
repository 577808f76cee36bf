"""evidence

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _checks()
    _files()


def _checks() -> None:
    op.add_column(
        "organisation_fact",
        sa.Column(
            "checked_as",
            sa.Enum("STAFF", "INTRODUCER", name="checkedas", native_enum=False, length=20),
            nullable=True,
        ),
    )
    op.add_column(
        "organisation_fact",
        sa.Column(
            "looked_at",
            sa.Enum(
                "ORIGINAL",
                "FILE",
                "REGISTER",
                "VISIT",
                name="lookedat",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "organisation_fact",
        sa.Column("returned_note", sa.String(length=300), nullable=False, server_default=""),
    )


def _files() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_evidence_file_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["account.id"],
            name=op.f("fk_evidence_file_uploaded_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("name", name=op.f("uq_evidence_file_name")),
        sa.UniqueConstraint(
            "organisation_id", "fact", name=op.f("uq_evidence_file_organisation_id_fact")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_file_public_id")),
    )
    op.create_table(
        "evidence_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column(
            "opened_as",
            sa.Enum(
                "COUNTERPART",
                "INTRODUCER",
                "STAFF",
                name="openedas",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("viewer_organisation_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_evidence_opening_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_evidence_opening_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["viewer_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_evidence_opening_viewer_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_opening")),
    )
    op.create_index(
        op.f("ix_evidence_opening_organisation_id"), "evidence_opening", ["organisation_id"]
    )


def downgrade() -> None:
    op.drop_table("evidence_opening")
    op.drop_table("evidence_file")
    for name in ("returned_note", "looked_at", "checked_as"):
        op.drop_column("organisation_fact", name)
