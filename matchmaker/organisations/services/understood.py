"""What the program understood of a text: concepts its owner may strike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from matchmaker.language import glossary
from matchmaker.organisations.models import Need, Offer

#: So many stand open; the others are one tap away, for what is wrong among them is struck too.
MOST = 12


@dataclass(frozen=True, slots=True)
class Understood:
    """Concepts that words of the text named together, those words, and whether they are struck."""

    key: str
    codes: tuple[str, ...]
    words: str
    struck: bool


def understood(said: Need | Offer) -> list[Understood]:
    """Give each reading once, in the order of the text."""
    found: dict[str, list[glossary.Reading]] = {}
    for reading in glossary.readings(f"{said.title}\n{said.text}", said.lang):
        found.setdefault(reading.key, []).append(reading)
    return [
        Understood(
            key,
            same[0].codes,
            ", ".join(dict.fromkeys(reading.words for reading in same)),
            key in said.struck_concepts,
        )
        for key, same in found.items()
    ]


def struck_now(said: Need | Offer, kept: Collection[str]) -> list[str]:
    """Give what is struck when of all that is shown only ``kept`` stays ticked.

    What is struck and not in the text today stays struck: it may come back with the next edit.
    """
    shown = {item.key for item in understood(said)}
    return sorted(set(said.struck_concepts) - shown | shown - set(kept))


@cache
def concept_label(code: str, locale: str) -> str:
    """Give the glossary's first word for a concept in a language, else in English."""
    words = {term.lang: term.term for term in reversed(glossary.terms()) if term.code == code}
    return words.get(locale) or words.get("en") or code
