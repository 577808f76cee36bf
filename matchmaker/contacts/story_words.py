"""A success story as its readers see it: a firm without its name, who offers with it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.contacts import words
from matchmaker.contacts.models import Story, StoryState
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.disclosure import unnamed
from matchmaker.suggestions.models import Side


@dataclass(frozen=True, slots=True)
class Told:
    text: str
    lang: str
    #: The name of who offers; empty for a firm, whose place stands instead.
    by: str = ""
    by_lang: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    parts: tuple[Told, ...]


def shown(story: Story) -> Shown:
    """Nobody is to be reached through it, and a firm stays a firm in its province."""
    return Shown(tuple(_told(story, side) for side in Side if _has_text(story, side)))


def state_sentence(story: Story | None, side: Side) -> str:
    if story is None or story.part(side) is None:
        theirs = story is not None and bool(story.parts)
        if theirs:
            return _("They agreed to tell it. It is shown if you agree too.")
        return _("A few words of yours can show others that it works. Nothing is shown unless both"
                 " of you agree.")  # fmt: skip
    return {
        StoryState.OPEN: _("You agreed to tell it. It waits for the other side."),
        StoryState.IN_REVIEW: _("Both of you agreed. Somebody of the programme reads it first."),
        StoryState.PUBLISHED: _("It is shown on the first page."),
        StoryState.SENT_BACK: _("The programme asks you to write it again, a little differently."),
    }[story.state]


def _has_text(story: Story, side: Side) -> bool:
    part = story.part(side)
    return part is not None and bool(part.text)


def _told(story: Story, side: Side) -> Told:
    part, organisation = story.part(side), story.contact_request.organisation(side)
    assert part is not None
    text = mask_contacts(part.text)
    if side is Side.NEED:
        place = words.in_words(unnamed(organisation))
        return Told(text, part.lang, place=place)
    return Told(text, part.lang, by=organisation.name, by_lang=organisation.name_lang)
