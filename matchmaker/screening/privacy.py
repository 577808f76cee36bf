"""What the room holds about a person, for export and erasure."""

from __future__ import annotations

from matchmaker.audit import privacy
from matchmaker.screening.services import forgetting
from matchmaker.screening.services import forgetting_pipeline as pipeline


def register() -> None:
    """Each table with a person's words or name adds its holder here."""
    privacy.holder("saved_view", export=forgetting.export_views, erase=forgetting.erase_views)
    privacy.holder("view_mail", export=forgetting.export_mails, erase=forgetting.erase_mails)
    privacy.holder("view_digest", export=forgetting.export_digests, erase=forgetting.erase_digests)
    privacy.holder("pipeline_entry", export=pipeline.export_entries, erase=pipeline.erase_entries)
    privacy.holder("entry_event", export=pipeline.export_events, erase=pipeline.erase_events)
    privacy.holder("entry_task", export=pipeline.export_tasks, erase=pipeline.erase_tasks)
    privacy.holder("pipeline_pass", export=pipeline.export_passes, erase=pipeline.erase_passes)
