"""What other rooms call; each noun has its file."""

from matchmaker.suggestions.services.budget import LookedEnoughError, NotPublishedError
from matchmaker.suggestions.services.feedback import record_feedback
from matchmaker.suggestions.services.match import NotComparableError, explain, snapshot
from matchmaker.suggestions.services.pairs import (
    close_organisations,
    close_pair,
    pair_closed,
)
from matchmaker.suggestions.services.ranking import counts_for, page_for

__all__ = [
    "LookedEnoughError",
    "NotComparableError",
    "NotPublishedError",
    "close_organisations",
    "close_pair",
    "counts_for",
    "explain",
    "page_for",
    "pair_closed",
    "record_feedback",
    "snapshot",
]
