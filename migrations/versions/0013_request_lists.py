"""request lists

The list of an organisation's requests is read from its newest end, whatever became of them.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_contact_request_of_need": ["need_organisation_id", "id"],
    "ix_contact_request_of_offer": ["offer_organisation_id", "id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "contact_request", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "contact_request")
