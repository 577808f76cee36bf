"""What the room holds about a person, for export and erasure."""

from __future__ import annotations

from matchmaker.audit import privacy
from matchmaker.screening.services import forgetting


def register() -> None:
    """Each table with a person's words or name adds its holder here."""
    privacy.holder("saved_view", export=forgetting.export_views, erase=forgetting.erase_views)
    privacy.holder("view_mail", export=forgetting.export_mails, erase=forgetting.erase_mails)
    privacy.holder("view_digest", export=forgetting.export_digests, erase=forgetting.erase_digests)
