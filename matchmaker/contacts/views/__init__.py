"""Pages of the contacts room."""

from matchmaker.contacts.views import (
    answer,
    ask,
    conversation,
    dates,
    how_did_it_go,
    inbox,
    outcomes,
    request_page,
    shared,
    stories,
)
from matchmaker.contacts.views.blueprint import bp

__all__ = [
    "answer",
    "ask",
    "bp",
    "conversation",
    "dates",
    "how_did_it_go",
    "inbox",
    "outcomes",
    "request_page",
    "shared",
    "stories",
]
