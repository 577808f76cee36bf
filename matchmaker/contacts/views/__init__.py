"""Pages of the contacts room."""

from matchmaker.contacts.views import (
    answer,
    ask,
    ask_set,
    before_you_sign,
    conversation,
    dates,
    evidence,
    group,
    how_did_it_go,
    inbox,
    outcomes,
    questions,
    request_page,
    shared,
    stories,
    team,
    together,
)
from matchmaker.contacts.views.blueprint import bp

__all__ = [
    "answer",
    "ask",
    "ask_set",
    "before_you_sign",
    "bp",
    "conversation",
    "dates",
    "evidence",
    "group",
    "how_did_it_go",
    "inbox",
    "outcomes",
    "questions",
    "request_page",
    "shared",
    "stories",
    "team",
    "together",
]
