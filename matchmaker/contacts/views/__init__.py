"""Pages of the contacts room."""

from matchmaker.contacts.views import (
    answer,
    ask,
    before_you_sign,
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
    team,
)
from matchmaker.contacts.views.blueprint import bp

__all__ = [
    "answer",
    "ask",
    "bp",
    "conversation",
    "dates",
    "before_you_sign",
    "evidence",
    "how_did_it_go",
    "inbox",
    "outcomes",
    "questions",
    "request_page",
    "shared",
    "stories",
    "team",
]
