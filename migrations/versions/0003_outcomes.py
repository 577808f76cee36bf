"""outcomes

What each side says is kept as a history with amounts, and asked for again after a yes.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SIDE = sa.Enum("NEED", "OFFER", name="side", native_enum=False, length=20)
CURRENT = sa.text("current IS true")


def upgrade() -> None:
    _sayings()
    _questions()
    _amounts()
    _stories()
    _silence()


def _sayings() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("current", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        for name, length in (("reason", 40), ("note", 500), ("amount_band", 30), ("currency", 3)):
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), server_default="", nullable=False)
            )
        batch_op.add_column(sa.Column("amount_minor", sa.BigInteger(), nullable=True))
        batch_op.drop_constraint("uq_outcome_contact_request_id_side", type_="unique")
    op.create_index(
        "uq_outcome_current",
        "outcome",
        ["contact_request_id", "side"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("ix_outcome_request", "outcome", ["contact_request_id", "id"])


def _questions() -> None:
    op.create_table(
        "outcome_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_request_id"],
            ["contact_request.id"],
            name=op.f("fk_outcome_question_contact_request_id_contact_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_question")),
        sa.UniqueConstraint(
            "contact_request_id",
            "side",
            "months",
            name=op.f("uq_outcome_question_contact_request_id_side_months"),
        ),
    )
    # Whose yes is so many months old is asked every hour.
    op.create_index("ix_contact_request_answered", "contact_request", ["state", "answered_at"])


def _amounts() -> None:
    op.create_table(
        "rollup_amount",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("introducers", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("women", sa.String(length=20), nullable=False),
        sa.Column("band", sa.String(length=30), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("agreements", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("month", "province", "introducers", "kind", "women", "band", "currency"),
            name=op.f("pk_rollup_amount"),
        ),
    )
    op.create_index("ix_rollup_amount_province", "rollup_amount", ["province", "month"])


def _stories() -> None:
    states = sa.Enum(
        *("OPEN", "IN_REVIEW", "PUBLISHED", "SENT_BACK"),
        name="storystate",
        native_enum=False,
        length=20,
    )
    op.create_table(
        "story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_request_id", sa.Integer(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_request_id"],
            ["contact_request.id"],
            name=op.f("fk_story_contact_request_id_contact_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("contact_request_id", name=op.f("uq_story_contact_request_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_story_public_id")),
    )
    op.create_index(op.f("ix_story_state"), "story", ["state"])
    op.create_table(
        "story_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["story.id"],
            name=op.f("fk_story_part_story_id_story"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_story_part_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_part")),
        sa.UniqueConstraint("story_id", "side", name=op.f("uq_story_part_story_id_side")),
    )


def _silence() -> None:
    missed = sa.Column("missed", sa.Integer(), server_default="0", nullable=False)
    op.add_column("organisation", missed)
    silent = sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True)
    op.add_column("organisation", silent)


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("silent_since")
        batch_op.drop_column("missed")
    op.drop_table("story_part")
    op.drop_index(op.f("ix_story_state"), table_name="story")
    op.drop_table("story")
    op.drop_index("ix_rollup_amount_province", table_name="rollup_amount")
    op.drop_table("rollup_amount")
    op.drop_index("ix_contact_request_answered", table_name="contact_request")
    op.drop_table("outcome_question")
    op.drop_index("ix_outcome_request", table_name="outcome")
    op.drop_index("uq_outcome_current", table_name="outcome")
    # One word a side is all that the older table holds.
    op.execute("DELETE FROM outcome WHERE current IS NOT true")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        for name in ("current", "reason", "note", "amount_band", "currency", "amount_minor"):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(
            "uq_outcome_contact_request_id_side", ["contact_request_id", "side"]
        )
