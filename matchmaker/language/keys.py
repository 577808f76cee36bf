"""Keys under which names that look alike are equal, and keys that searches compare."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from matchmaker.language import characters
from matchmaker.language.text import ascii_digits, nfc, normalise, without_latin_marks

_DATA = Path(__file__).parent / "data"
# A name is far shorter; what is longer is an attack, and the key need not tell such names apart.
_LONGEST_NAME = 500
_LONGEST_SEARCH = 2000
# Invisible in a name: soft hyphen, grapheme joiner, zero-width characters, selectors and tags.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e0fff]+"
)
# One vowel sign typed as two keys looks the same as the sign itself in Thai and in Lao.
_DOUBLE_VOWELS = (("\u0e40\u0e40", "\u0e41"), ("\u0ec0\u0ec0", "\u0ec1"))
# Cyrillic and Greek letters that read as Latin ones (a part of Unicode's confusables table).
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u0432\u043a\u043c\u043d\u0442\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03c7"
    "\u03b2\u03b5\u03b7\u03b6",
    "aeopcyxijshdqwbkmhtaopviktuxbenz",
)


def search_key(text: str) -> str:
    """Give the text as searches compare it: folded, no marks on Latin, single spaces between."""
    return " ".join(_pieces(_plain(text[:_LONGEST_SEARCH])))


def name_key(name: str) -> str:
    """Give a key that is equal for names a person would take for one another.

    Zero-width characters, case, width, punctuation, spaces, look-alike letters, the order of typed
    marks and the words for the legal form make no difference; a name of nothing else keeps them.
    """
    pieces = _pieces(_plain(name[:_LONGEST_NAME]).translate(_LOOK_ALIKES))
    kept = "".join(_without_spaced(pieces))
    bare = _without_glued(kept)
    return bare or kept or "".join(pieces)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", normalise(text)).casefold()
    text = without_latin_marks(ascii_digits(nfc(text)))
    for double, single in _DOUBLE_VOWELS:
        text = text.replace(double, single)
    return text


def _pieces(text: str) -> list[str]:
    """Cut at whatever is no letter, digit or mark, with each run of marks in one order."""
    if not text.isascii():
        text = _mark_runs().sub(_in_order, _UNSEEN.sub("", text))
    return _between().sub(" ", text).split()


def _in_order(found: re.Match[str]) -> str:
    return "".join(sorted(found[0]))


@cache
def _mark_runs() -> re.Pattern[str]:
    return re.compile(f"[{characters.marks()}]{{2,}}")


@cache
def _between() -> re.Pattern[str]:
    return re.compile(f"(?:[^\\w{characters.marks()}]|_)+")


@cache
def _legal_words() -> tuple[dict[str, list[list[str]]], list[str]]:
    """Read the legal-form words: phrases by first word, and glued ones, each longest first."""
    with (_DATA / "legal_words.csv").open(encoding="utf-8", newline="") as file:
        terms = sorted((_pieces(_plain(row["term"])) for row in csv.DictReader(file)), key=len)
    spaced: dict[str, list[list[str]]] = {}
    glued: set[str] = set()
    for term in reversed(terms):
        if "".join(term).isascii():
            spaced.setdefault(term[0], []).append(term)
        else:
            glued.add("".join(term))
    return spaced, sorted(glued, key=len, reverse=True)


def _without_spaced(pieces: list[str]) -> list[str]:
    phrases = _legal_words()[0]
    kept: list[str] = []
    at = 0
    while at < len(pieces):
        starting = phrases.get(pieces[at], [])
        taken = next((p for p in starting if pieces[at : at + len(p)] == p), None)
        if taken is None:
            kept.append(pieces[at])
        at += len(taken) if taken else 1
    return kept


def _without_glued(key: str) -> str:
    """Take legal words off both ends, where scripts without spaces write them on to the name."""
    before = ""
    while key != before:
        before = key
        for term in _legal_words()[1]:
            key = key.removeprefix(term).removesuffix(term)
    return key
