"""One form for every text: NFC, clean lines, ASCII digits, folding for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from matchmaker.language import characters

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BIDI = re.compile(f"[{BIDI_CONTROLS}]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_LINE_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NON_ASCII_DIGIT = re.compile(r"[^\D0-9]")
_BLANKS = re.compile("[\\s\u115f\u1160\u2800\u3164\uffa0]+")
_EDGES = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_LATIN_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
_LATIN_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "ø": "o", "ł": "l", "ı": "i"})
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LATIN_LANGUAGES = frozenset({None, "en", "vi"})

# Python sorts a run of combining marks in quadratic time, so long runs are parted first (UAX 15,
# stream-safe text). No writing system stacks thirty marks; twelve leave room for decomposition.
_JOINER = "\u034f"
_LONGEST_RUN = 30
_RUN_PART = 12


class TextError(ValueError):
    """A text may not be kept as it is; `code` says why, for the form to word it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise(text: str) -> str:
    """Give the form in which long texts are kept: NFC, `\\n` lines, nothing invisible that bites.

    NUL, other controls and directional overrides go; lone surrogates become U+FFFD. U+200B and the
    joiners stay, because they separate and shape words in Khmer, Lao, Burmese and Thai.
    """
    if text.isprintable():
        return nfc(text)
    text = _SURROGATES.sub("\ufffd", _NEWLINES.sub("\n", text))
    return nfc(_OVERRIDES.sub("", _CONTROLS.sub("", text)))


def nfc(text: str) -> str:
    """Compose in linear time, whatever piles of combining marks the text holds."""
    if not text.isascii() and _piled(text):
        text = _long_runs().sub(_part_run, text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Give a name or another single line in NFC with single spaces; refuse what could deceive.

    Raises TextError with code `nul`, `surrogate`, `bidi_control` or `control_character`.
    """
    line = text.strip(_EDGES)
    for pattern, code in (
        (re.compile("\x00"), "nul"),
        (_SURROGATES, "surrogate"),
        (_BIDI, "bidi_control"),
        (_LINE_CONTROLS, "control_character"),
    ):
        if pattern.search(line):
            raise TextError(code)
    return nfc(_BLANKS.sub(" ", line.replace("\ufeff", ""))).strip(_EDGES)


def ascii_digits(text: str) -> str:
    """Write every decimal digit (Lao, Khmer, Thai, Burmese, full-width, Arabic ...) as 0 to 9."""
    return text.translate(characters.digits()) if _NON_ASCII_DIGIT.search(text) else text


def fold(text: str, lang: str | None = None) -> str:
    """Give the form two texts are compared in, never shown.

    Case, width and digits are folded in every language. Marks on Latin letters go when the language
    writes in Latin or is not known, because Vietnamese is often typed without them.
    """
    text = ascii_digits(normalise(text).translate(FULL_WIDTH).casefold())
    return without_latin_marks(text) if lang in _LATIN_LANGUAGES else nfc(text)


def without_latin_marks(text: str) -> str:
    """Take the marks off Latin letters and leave every other script alone."""
    return _LATIN_MARKED.sub(_bare, nfc(text))


def _bare(found: re.Match[str]) -> str:
    return _LATIN_MARKS.sub("", unicodedata.normalize("NFD", found[0].translate(_LATIN_LETTERS)))


def _piled(text: str) -> bool:
    """Say fast whether a run of marks may be too long: two neighbours of a sample are marks."""
    sample = text[:: _LONGEST_RUN // 2]
    stacking = characters.stacking()
    return any(stacking.match(sample, found.end()) for found in stacking.finditer(sample))


@cache
def _long_runs() -> re.Pattern[str]:
    return re.compile(f"{characters.stacking().pattern}{{{_LONGEST_RUN + 1},}}")


def _part_run(found: re.Match[str]) -> str:
    run = found[0]
    return _JOINER.join(run[at : at + _RUN_PART] for at in range(0, len(run), _RUN_PART))
