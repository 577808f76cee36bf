"""Words as ICU finds them, in scripts with and without spaces, and the grams made of them."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from icu4py.breakers import WordBreaker

from matchmaker.language.text import (
    FULL_WIDTH,
    ascii_digits,
    nfc,
    normalise,
    without_latin_marks,
)

_SCRIPTS = {
    "lo": re.compile("[\u0e80-\u0eff]+"),
    "km": re.compile("[\u1780-\u17ff\u19e0-\u19ff]+"),
    "my": re.compile("[\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f]+"),
    "th": re.compile("[\u0e00-\u0e7f]+"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"),
    "latin": re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+"),
}
_VIETNAMESE_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_SPACED = re.compile(r"[a-z]+")
_VIETNAMESE_BARE = frozenset({
    "chung", "toi", "cua", "cho", "va", "khong", "cong", "ty", "von", "vay", "doanh", "nghiep",
    "san", "xuat", "nguoi", "duoc", "nhung", "cac", "trong", "voi", "la", "mot", "nam", "tai",
    "chinh", "hang", "ban", "dau", "tu", "nho", "vua", "muon", "tim", "kiem", "gia",
})  # fmt: skip
_ENGLISH = frozenset({
    "the", "and", "of", "to", "in", "for", "we", "our", "is", "are", "with", "a", "an", "on",
    "by", "from", "need", "looking", "will", "your", "you", "that",
})  # fmt: skip
# Names and units are written in Latin letters in every language, so a fifth of another script wins.
_OTHER_SCRIPT_SHARE = 0.2
_GUESS_FROM = 1000
# One word to ICU in every language, with signs that it cuts off: by far the most chunks of English
# and Vietnamese.
_PLAIN = re.compile(
    '[,.;:!?()"\u201c\u201d]*'
    "([A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+)"
    '[,.;:!?()"\u201c\u201d]*'
)
#: Longer chunks than this do not recur.
RECURRING = 200

Spans = tuple[tuple[int, int], ...]


def words(text: str, lang: str | None = None) -> list[str]:
    """Give the words in order: NFC, case, width and digits folded, marks kept, no punctuation.

    U+200B parts words. Vietnamese without marks is the caller's choice: `words(fold(text), "vi")`.
    """
    ready = prepare(text)
    return [ready[start:end] for start, end in spans(ready, lang)]


def prepare(text: str) -> str:
    """Give the text in the form `words` cuts; `spans` gives the words' places in it."""
    return nfc(ascii_digits(normalise(text).translate(FULL_WIDTH).casefold()))


def spans(text: str, lang: str | None = None) -> list[tuple[int, int]]:
    """Give start and end of each word in characters (ICU itself counts in UTF-16 units)."""
    lang = lang or guess_language(text)
    found: list[tuple[int, int]] = []
    at = 0
    for chunk in text.split(" "):
        found += [(at + start, at + end) for start, end in spans_of_chunk(chunk, lang)]
        at += len(chunk) + 1
    return found


def spans_of_chunk(chunk: str, lang: str) -> Spans:
    """Give start and end of each word of what stands between two spaces.

    No word holds a space and none is cut by what stands beyond one, so that chunks, which recur,
    are cut one by one.
    """
    return _kept_spans(chunk, lang) if len(chunk) <= RECURRING else _cut(chunk, lang)


def _cut(chunk: str, lang: str) -> Spans:
    plain = _PLAIN.fullmatch(chunk)
    if plain:
        return (plain.span(1),)
    found, start = [], 0
    for segment in WordBreaker(chunk, lang) if chunk else ():
        end = start + len(segment)
        if segment[0].isalnum() or any(map(str.isalnum, segment)):
            found.append((start, end))
        start = end
    return tuple(found)


_kept_spans = lru_cache(maxsize=32_768)(_cut)


def chargrams(tokens: list[str], n: int = 3) -> list[str]:
    """Give the character n-grams of each word with a space at its ends, as in `char_wb`."""
    grams: list[str] = []
    for token in tokens:
        padded = f" {token} "
        last = max(len(padded) - n, 0)
        grams.extend(padded[at : at + n] for at in range(last + 1))
    return grams


def guess_language(text: str) -> str:
    """Guess one of the seven languages from its script; `en` where nothing tells."""
    sample = text[:_GUESS_FROM]
    if sample.isascii():
        return _guess_latin(sample)
    runs = {lang: found.findall(sample) for lang, found in _SCRIPTS.items()}
    counts = Counter({lang: sum(map(len, found)) for lang, found in runs.items()})
    latin = counts.pop("latin")
    lang, most = counts.most_common(1)[0]
    if most and most >= _OTHER_SCRIPT_SHARE * (latin + counts.total()):
        return lang
    return "vi" if _VIETNAMESE_LETTER.search(nfc(sample)) else _guess_latin(sample)


def _guess_latin(sample: str) -> str:
    found = _SPACED.findall(without_latin_marks(sample).casefold())
    vietnamese = sum(map(_VIETNAMESE_BARE.__contains__, found))
    english = sum(map(_ENGLISH.__contains__, found))
    return "vi" if vietnamese >= 2 and vietnamese > english else "en"
