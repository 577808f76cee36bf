"""Tables of the screening room."""

from matchmaker.screening.models.saved_view import (
    MOST_VIEWS,
    SavedView,
    ViewDigest,
    ViewMail,
    ViewOrder,
)

__all__ = ["MOST_VIEWS", "SavedView", "ViewDigest", "ViewMail", "ViewOrder"]
