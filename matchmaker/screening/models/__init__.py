"""Tables of the screening room."""

from matchmaker.screening.models.pipeline import (
    MOST_STAGES,
    EntryTag,
    PipelineEntry,
    PipelinePass,
    PipelineStage,
    StageCode,
)
from matchmaker.screening.models.pipeline_log import EntryEvent, EntryEventKind, EntryTask
from matchmaker.screening.models.saved_view import (
    MOST_VIEWS,
    SavedView,
    ViewDigest,
    ViewMail,
    ViewOrder,
)

__all__ = [
    "MOST_STAGES",
    "MOST_VIEWS",
    "EntryEvent",
    "EntryEventKind",
    "EntryTag",
    "EntryTask",
    "PipelineEntry",
    "PipelinePass",
    "PipelineStage",
    "SavedView",
    "StageCode",
    "ViewDigest",
    "ViewMail",
    "ViewOrder",
]
