"""Where each role begins, and the numbers that a visitor sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.contacts import story_words
from matchmaker.contacts.services import stories
from matchmaker.programme import services as programme
from matchmaker.programme.services.public import PublicFigures
from matchmaker.web.access import staff_rank


def first_page() -> str:
    return "programme.statistics" if staff_rank() else "home.start"


def told(session: Session) -> list[story_words.Shown]:
    """Success stories, as visitors read them."""
    return [story_words.shown(story) for story in stories.shown(session)]


def figures(session: Session) -> PublicFigures | None:
    """From the roll-ups of the programme; None until there is something to tell."""
    return programme.public_figures(session)
