"""consortium

Firms that reach an offer's ticket together: a group is an organisation, its firms are invited.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GOES_ON = sa.text("ended_at IS NULL")
JOINED = sa.text("state = 'JOINED'")
STATES = ("INVITED", "JOINED", "DECLINED", "WITHDRAWN", "LEFT")


def upgrade() -> None:
    _consortia()
    _firms()


def _consortia() -> None:
    op.create_table(
        "consortium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("coordinator_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("started_for_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to("consortium", "organisation_id", "organisation", "CASCADE"),
        _to("consortium", "coordinator_id", "organisation", "CASCADE"),
        _to("consortium", "need_id", "need", "CASCADE"),
        _to("consortium", "started_for_id", "need", "CASCADE"),
        _to("consortium", "offer_id", "offer", "CASCADE"),
        _to("consortium", "started_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_consortium_organisation_id")),
        sa.UniqueConstraint("need_id", name=op.f("uq_consortium_need_id")),
    )
    op.create_index(op.f("ix_consortium_coordinator_id"), "consortium", ["coordinator_id"])
    op.create_index(op.f("ix_consortium_offer_id"), "consortium", ["offer_id"])
    op.create_index(
        "uq_consortium_going_on",
        "consortium",
        ["started_for_id", "offer_id"],
        unique=True,
        sqlite_where=GOES_ON,
        postgresql_where=GOES_ON,
    )


def _firms() -> None:
    op.create_table(
        "consortium_firm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="firmstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        _to("consortium_firm", "consortium_id", "consortium", "CASCADE"),
        _to("consortium_firm", "organisation_id", "organisation", "CASCADE"),
        _to("consortium_firm", "need_id", "need", "CASCADE"),
        _to("consortium_firm", "answered_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_firm")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consortium_firm_public_id")),
        sa.UniqueConstraint(
            "consortium_id",
            "organisation_id",
            name=op.f("uq_consortium_firm_consortium_id_organisation_id"),
        ),
    )
    op.create_index("ix_consortium_firm_organisation", "consortium_firm", ["organisation_id", "id"])
    op.create_index(
        "uq_consortium_firm_joined",
        "consortium_firm",
        ["need_id"],
        unique=True,
        sqlite_where=JOINED,
        postgresql_where=JOINED,
    )


def _to(table: str, column: str, other: str, ending: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ending)


def downgrade() -> None:
    op.drop_table("consortium_firm")
    op.drop_table("consortium")
