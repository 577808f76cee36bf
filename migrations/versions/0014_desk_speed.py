"""desk speed

What a funder's pages ask of all its requests and closed pairs is read from the index alone, or
from its first rows.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OFFER = "offer_organisation_id"
BEFORE = {
    "ix_contact_request_offer_organisation": ("contact_request", [OFFER, "state", "id"]),
    "ix_contact_request_of_offer": ("contact_request", [OFFER, "id"]),
    "ix_closed_pair_offer_organisation_id": ("closed_pair", [OFFER]),
}
AFTER = {
    "ix_contact_request_offer_organisation": (
        "contact_request",
        [OFFER, "state", "asked_by", "id"],
    ),
    "ix_contact_request_of_offer": ("contact_request", [OFFER, "asked_by", "id"]),
    "ix_contact_request_offer_due": (
        "contact_request",
        [OFFER, "state", "asked_by", "expires_at", "id"],
    ),
    "ix_contact_request_offer_answered": (
        "contact_request",
        [OFFER, "state", "answered_at", "id"],
    ),
    "ix_closed_pair_of_offer": (
        "closed_pair",
        [OFFER, "offer_id", "until", "need_id", "need_organisation_id"],
    ),
}


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(old: dict[str, tuple[str, list[str]]], new: dict[str, tuple[str, list[str]]]) -> None:
    for name, (table, _) in old.items():
        op.drop_index(name, table)
    for name, (table, columns) in new.items():
        op.create_index(name, table, columns)
