"""Finding a code by itself or by its words in any of our languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from matchmaker.language.text import fold
from matchmaker.organisations.importing.problems import CellError, quoted
from matchmaker.vocabulary import sectors
from matchmaker.vocabulary.codes import Code, CodeList
from matchmaker.vocabulary.impact import IRIS, SDG, TWO_X
from matchmaker.vocabulary.places import COUNTRIES, PROVINCES

Entry = tuple[str, Iterable[str]]


@dataclass(frozen=True)
class Lookup:
    """(code, words) pairs, read on first use."""

    source: Callable[[], Iterable[Entry]]

    @cached_property
    def entries(self) -> list[Entry]:
        return list(self.source())

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {code.casefold(): code for code, _words in self.entries}

    @cached_property
    def _words(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for code, words in self.entries:
            for text in words:
                found.setdefault(fold(text), set()).add(code)
        return found

    def find(self, text: str) -> str:
        """Give the code for a code or for words; raises CellError."""
        if (code := self._codes.get(text.casefold())) is not None:
            return code
        wanted = fold(text)
        codes = self._words.get(wanted, set())
        if len(codes) == 1:
            return next(iter(codes))
        if codes:
            raise CellError("two_meanings", text=quoted(text), codes=sorted(codes))
        raise CellError("not_in_list", text=quoted(text), near=self._near(text, wanted))

    def _near(self, text: str, wanted: str) -> list[str]:
        """What may have been meant; else a few codes to show what the list looks like."""
        words = get_close_matches(wanted[:60], self._words, n=2, cutoff=0.75)
        near = [code for word in words for code in sorted(self._words[word])]
        near += [self._codes[c] for c in get_close_matches(text.casefold()[:60], self._codes, n=2)]
        return list(dict.fromkeys(near))[:3] or [code for code, _words in self.entries[:5]]


def _entry(code: Code, prefix: str = "") -> Entry:
    return f"{prefix}{code.code}", list(code.labels.values())


def of(*lists: CodeList) -> Lookup:
    return Lookup(lambda: [_entry(code) for codes in lists for code in codes])


def words(*codes: str) -> Lookup:
    """A short closed list of ours, written by its codes only."""
    return Lookup(lambda: [(code, ()) for code in codes])


AIMS = Lookup(
    lambda: [
        *(_entry(aim, "sdg:") for aim in SDG),
        *(_entry(aim, "2x:") for aim in TWO_X),
        *(_entry(aim, "iris:") for aim in IRIS),
    ]
)
PLACES = of(PROVINCES)
COUNTRIES_AND_PROVINCES = of(COUNTRIES, PROVINCES)
PLAIN_SECTORS = of(sectors.PLAIN)
ISIC = of(sectors.ISIC4)


def isic(text: str) -> str:
    """An ISIC code or its words; a code that may have lost its first 0 is not guessed at."""
    marked = text.casefold().startswith("isic4:")
    text = text[6:].strip() if marked else text
    longer = f"0{text}"
    if not marked and text.isdecimal() and longer in sectors.ISIC4:
        if text in sectors.ISIC4:
            raise CellError("lost_zero", codes=[f"isic4:{text}", f"isic4:{longer}"])
        return longer
    return ISIC.find(text)
