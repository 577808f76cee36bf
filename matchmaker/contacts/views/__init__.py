"""Pages of the contacts room."""

from matchmaker.contacts.views import (
    answer,
    ask,
    conversation,
    dates,
    evidence,
    how_did_it_go,
    inbox,
    outcomes,
    questions,
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
    "evidence",
    "how_did_it_go",
    "inbox",
    "outcomes",
    "questions",
    "request_page",
    "shared",
    "stories",
]
