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
    _shares()
    _asks()
    _questions()


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


def _shares() -> None:
    op.create_table(
        "evidence_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("evidence_file_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        _link("evidence_share", "contact_request_id", "contact_request", "CASCADE"),
        _link("evidence_share", "evidence_file_id", "evidence_file"),
        _link("evidence_share", "organisation_id", "organisation", "CASCADE"),
        _link("evidence_share", "shared_by_id", "account"),
        _link("evidence_share", "revoked_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_share")),
        sa.UniqueConstraint(
            "contact_request_id",
            "evidence_file_id",
            name=op.f("uq_evidence_share_contact_request_id_evidence_file_id"),
        ),
    )
    for column in ("evidence_file_id", "organisation_id"):
        op.create_index(op.f(f"ix_evidence_share_{column}"), "evidence_share", [column])


def _link(table: str, column: str, to: str, ondelete: str = "SET NULL") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def _asks() -> None:
    op.create_table(
        "evidence_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column(
            "asked_by",
            sa.Enum("NEED", "OFFER", name="side", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("OPEN", "ANSWERED", "WITHDRAWN", name="askstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answer_lang", sa.String(length=8), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _link("evidence_ask", "contact_request_id", "contact_request", "CASCADE"),
        _link("evidence_ask", "account_id", "account"),
        _link("evidence_ask", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_ask")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_ask_public_id")),
    )
    one_open = sa.text("state = 'OPEN' AND fact <> ''")
    op.create_index(
        "uq_evidence_ask_open",
        "evidence_ask",
        ["contact_request_id", "asked_by", "fact"],
        unique=True,
        sqlite_where=one_open,
        postgresql_where=one_open,
    )
    op.create_index("ix_evidence_ask_request", "evidence_ask", ["contact_request_id", "id"])


def _questions() -> None:
    op.create_table(
        "standard_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _link("standard_question", "organisation_id", "organisation", "CASCADE"),
        _link("standard_question", "created_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_question_public_id")),
    )
    op.create_index(
        op.f("ix_standard_question_organisation_id"), "standard_question", ["organisation_id"]
    )


def downgrade() -> None:
    for table in ("standard_question", "evidence_ask", "evidence_share"):
        op.drop_table(table)
    op.drop_table("evidence_opening")
    op.drop_table("evidence_file")
    for name in ("returned_note", "looked_at", "checked_as"):
        op.drop_column("organisation_fact", name)
