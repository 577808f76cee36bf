"""pipeline

The pipeline of those who offer: stages, firms in them, private history, tags, tasks, bulk passes.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL")
FIRST = ("NEW", "REVIEWING", "IN_TALK", "DUE_DILIGENCE", "AGREED", "PASSED")
KINDS = ("PUT_IN", "MOVED", "NOTE", "PASSED", "UNDONE")


def upgrade() -> None:
    _stages()
    _passes()
    _entries()
    _tags()
    _events()
    _tasks()


def _stages() -> None:
    code = sa.Enum(*FIRST, name="stagecode", native_enum=False, length=20)
    op.create_table(
        "pipeline_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", code, nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _to("pipeline_stage", "organisation_id", "organisation", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_stage")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pipeline_stage_public_id")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_pipeline_stage_organisation_id_code")
        ),
    )
    op.create_index(
        "ix_pipeline_stage_organisation_id_place", "pipeline_stage", ["organisation_id", "place"]
    )


def _passes() -> None:
    op.create_table(
        "pipeline_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _to("pipeline_pass", "organisation_id", "organisation", "CASCADE"),
        _to("pipeline_pass", "account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_pass")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pipeline_pass_public_id")),
    )
    op.create_index("ix_pipeline_pass_organisation_id", "pipeline_pass", ["organisation_id"])
    op.create_index("ix_pipeline_pass_account_id", "pipeline_pass", ["account_id"])


def _entries() -> None:
    op.create_table(
        "pipeline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("pass_id", sa.Integer(), nullable=True),
        sa.Column("passed_from_id", sa.Integer(), nullable=True),
        sa.Column("put_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _to("pipeline_entry", "organisation_id", "organisation", "CASCADE"),
        _to("pipeline_entry", "offer_id", "offer", "CASCADE"),
        _to("pipeline_entry", "need_id", "need", "CASCADE"),
        _to("pipeline_entry", "stage_id", "pipeline_stage", None),
        _to("pipeline_entry", "assignee_id", "account", "SET NULL"),
        _to("pipeline_entry", "pass_id", "pipeline_pass", "SET NULL"),
        _to("pipeline_entry", "passed_from_id", "pipeline_stage", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pipeline_entry_public_id")),
        sa.UniqueConstraint(
            "organisation_id",
            "offer_id",
            "need_id",
            name=op.f("uq_pipeline_entry_organisation_id_offer_id_need_id"),
        ),
    )
    for name, columns in (
        ("stage", ["organisation_id", "stage_id", "id"]),
        ("newest", ["organisation_id", "id"]),
        ("assignee", ["assignee_id", "organisation_id", "id"]),
        ("offer_id", ["offer_id"]),
        ("need_id", ["need_id"]),
        ("stage_id", ["stage_id"]),
        ("pass_id", ["pass_id"]),
        ("passed_from_id", ["passed_from_id"]),
    ):
        op.create_index(f"ix_pipeline_entry_{name}", "pipeline_entry", columns)


def _tags() -> None:
    op.create_table(
        "entry_tag",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        _to("entry_tag", "entry_id", "pipeline_entry", "CASCADE"),
        _to("entry_tag", "organisation_id", "organisation", "CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "tag", name=op.f("pk_entry_tag")),
    )
    op.create_index("ix_entry_tag_tag", "entry_tag", ["organisation_id", "tag", "entry_id"])


def _events() -> None:
    kind = sa.Enum(*KINDS, name="entryeventkind", native_enum=False, length=20)
    op.create_table(
        "entry_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _to("entry_event", "entry_id", "pipeline_entry", "CASCADE"),
        _to("entry_event", "account_id", "account", "SET NULL"),
        _to("entry_event", "stage_id", "pipeline_stage", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_event_public_id")),
    )
    op.create_index("ix_entry_event_entry", "entry_event", ["entry_id", "id"])
    op.create_index("ix_entry_event_account_id", "entry_event", ["account_id"])
    op.create_index("ix_entry_event_stage_id", "entry_event", ["stage_id"])


def _tasks() -> None:
    op.create_table(
        "entry_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _to("entry_task", "entry_id", "pipeline_entry", "CASCADE"),
        _to("entry_task", "organisation_id", "organisation", "CASCADE"),
        _to("entry_task", "account_id", "account", "SET NULL"),
        _to("entry_task", "created_by_id", "account", "SET NULL"),
        _to("entry_task", "done_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_task_public_id")),
    )
    op.create_index(
        "ix_entry_task_due",
        "entry_task",
        ["organisation_id", "due_on", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_entry_task_mine", "entry_task", ["account_id", "organisation_id", "due_on", "id"]
    )
    op.create_index("ix_entry_task_entry", "entry_task", ["entry_id", "due_on", "id"])
    op.create_index("ix_entry_task_created_by_id", "entry_task", ["created_by_id"])
    op.create_index("ix_entry_task_done_by_id", "entry_task", ["done_by_id"])


def _to(table: str, column: str, other: str, ending: str | None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ending)


def downgrade() -> None:
    op.drop_table("entry_task")
    op.drop_table("entry_event")
    op.drop_table("entry_tag")
    op.drop_table("pipeline_entry")
    op.drop_table("pipeline_pass")
    op.drop_table("pipeline_stage")
