"""Words and concepts of many texts of one language, read by chunks and numbered as they come."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import numpy as np

from matchmaker.language.glossary import codes_of, may_begin
from matchmaker.language.text import without_latin_marks
from matchmaker.language.words import RECURRING, chargrams, words
from matchmaker.matching.codes import key

#: Longer texts are cut: nobody gains by repeating themselves.
LONGEST = 12_000
#: Longer sentences are not kept.
_SHORT = 200
#: Characters of chunks that a lexicon holds: with their words at most some 75 MB.
_MOST_HELD = 1 << 19

#: Neither a word nor a concept crosses the end of a sentence or a line, or a stroke between blanks.
SENTENCE_END = re.compile(r"[.!?]\s+|\s/\s|[。！？။។\n]+")
#: Without one of these no sentence ends: found in a fifth of the time.
_SIGN = re.compile("[.!?/。！？။។\n]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, in order."""
    return SENTENCE_END.split(text) if _SIGN.search(text) else [text]


def _of_chunk(chunk: str, lang: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of what stands between two spaces, and whether a concept may begin there."""
    return tuple(words(chunk, lang)), may_begin(chunk, lang)


_kept_chunks = lru_cache(maxsize=65_536)(_of_chunk)
#: Profiles that sum up past needs say the same sentences again and again.
_kept_codes = lru_cache(maxsize=131_072)(codes_of)


@lru_cache(maxsize=262_144)
def _ids_of(word: str, lang: str) -> tuple[bytes, bool]:
    """Return the ids of a word and of each of its 3-grams, int64, and whether it has marks.

    Vietnamese is told without its marks, for many type none; a word that has some stands second as
    it is said, which tells bán (to sell) from bạn (friend).
    """
    bare = without_latin_marks(word) if lang == "vi" else word
    grams = (key("text:g", gram) for gram in chargrams([bare]))
    said = [key("text:m", word)] if bare != word else []
    return np.array([key("text:w", bare), *said, *grams], np.int64).tobytes(), bare != word


class _Numbers(dict[str, int]):
    """Numbers names as they come, from 0 on."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


class Lexicon:
    """Chunks of one language and their words, read once and kept for the texts to come."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        # No chunk holds a space, so that this one is the end of a sentence; so is word 0.
        self.chunks, self._words = _Numbers({" ": 0}), _Numbers({"": 0})
        self._starts, self._words_told = array("q", [0, 1]), array("q", [0])
        self._hopeful = bytearray(1)
        self._id_starts, self._ids, self._marked = array("q", [0, 0]), array("q"), bytearray(1)
        self._long = 0

    @property
    def full(self) -> bool:
        """Whether so much is held that a new one is better begun."""
        return self._long > _MOST_HELD

    def words(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where the words of each chunk start, the words, and who may name a concept."""
        for chunk in islice(self.chunks, len(self._hopeful), None):
            found, may = (_kept_chunks if len(chunk) <= RECURRING else _of_chunk)(chunk, self.lang)
            self._words_told.extend(map(self._words.__getitem__, found))
            self._starts.append(len(self._words_told))
            self._hopeful.append(may)
            self._long += len(chunk)
        return np.array(self._starts), np.array(self._words_told), np.array(self._hopeful, bool)

    def ids(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where the ids of each word start, the ids, and which words have marks."""
        for word in islice(self._words, len(self._id_starts) - 1, None):
            ids, marked = _ids_of(word, self.lang)
            self._ids.frombytes(ids)
            self._id_starts.append(len(self._ids))
            self._marked.append(marked)
        return np.array(self._id_starts), np.array(self._ids), np.array(self._marked, bool)


class Said:
    """Words and concepts of texts, in order, by number; word 0 is the end of a sentence."""

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        chunks, lang = lexicon.chunks, lexicon.lang
        listed: list[str] = []
        told: list[int] = []
        ends: list[int] = []
        for text in texts:
            for sentence in sentences(text[:LONGEST]):
                told += map(chunks.__getitem__, sentence.split(" "))
                told.append(0)
                listed.append(sentence)
            ends.append(len(listed))
        every = np.array(told, np.int64)
        of_sentences = np.repeat(np.arange(len(texts)), np.diff(ends, prepend=0))
        sentence = np.cumsum(every == 0) - (every == 0)
        starts, words, hopeful = lexicon.words()
        many = np.diff(starts)[every]
        self.said = words[spread_out(starts[every], many)]
        self.rows_said = np.repeat(of_sentences[sentence], many)
        self.codes = _Numbers()
        named: list[int] = []
        of_named: list[int] = []
        for at in np.unique(sentence[hopeful[every]]).tolist():
            codes = (_kept_codes if len(listed[at]) <= _SHORT else codes_of)(listed[at], lang)
            named += map(self.codes.__getitem__, codes)
            of_named += [at] * len(codes)
        self.named = np.array(named, np.int64)
        self.rows_named = of_sentences[np.array(of_named, np.int64)]


def spread_out(starts: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Return the whole numbers of spans that start somewhere and hold so many, span by span."""
    found = np.repeat(starts - (np.cumsum(many) - many), many)
    found += np.arange(len(found))
    return found
