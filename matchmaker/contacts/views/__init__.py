"""Pages of the contacts room."""

from matchmaker.contacts.views import (
    answer,
    ask,
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
    "bp",
    "conversation",
    "dates",
    "before_you_sign",
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
