"""Pages of the screening room."""

from matchmaker.screening.views import brief as brief
from matchmaker.screening.views import compare as compare
from matchmaker.screening.views import (
    desk,
    desk_tasks,
    entry,
    firms,
    pipeline,
    saved_views,
    sheet,
    stages,
)
from matchmaker.screening.views.blueprint import bp

__all__ = [
    "bp",
    "desk",
    "desk_tasks",
    "entry",
    "firms",
    "pipeline",
    "saved_views",
    "sheet",
    "stages",
]
