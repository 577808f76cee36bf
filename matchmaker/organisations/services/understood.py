"""What the program understood of a text: concepts its owner may strike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matchmaker.language import glossary
from matchmaker.organisations.models import Need

#: A page that lists more helps nobody.
MOST = 12


@dataclass(frozen=True, slots=True)
class Understood:
    """A concept, the words of the text that named it, and whether its owner struck it."""

    code: str
    words: str
    struck: bool


def understood(need: Need) -> list[Understood]:
    """Give each concept once, in the order of the text."""
    found: dict[str, Understood] = {}
    for concept in glossary.concepts(f"{need.title}\n{need.text}", need.lang):
        struck = concept.code in need.struck_concepts
        found.setdefault(concept.code, Understood(concept.code, concept.term, struck))
    return list(found.values())[:MOST]


@cache
def concept_label(code: str, locale: str) -> str:
    """Give the glossary's first word for a concept in a language, else in English."""
    words = {term.lang: term.term for term in reversed(glossary.terms()) if term.code == code}
    return words.get(locale) or words.get("en") or code
