"""Words and concepts of many texts of one language, read by chunks and numbered as they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from matchmaker.language.glossary import codes_of, may_begin
from matchmaker.language.text import without_latin_marks
from matchmaker.language.words import RECURRING, words

#: Longer texts are cut: nobody gains by repeating themselves.
LONGEST = 12_000
#: Longer sentences are not kept.
_SHORT = 200

#: Neither a word nor a concept crosses the end of a sentence or a line, or a stroke between blanks.
SENTENCE_END = re.compile(r"[.!?]\s+|\s/\s|[。！？။។\n]+")


def _words_of(chunk: str, lang: str) -> tuple[str, ...]:
    """Return the words of what stands between two spaces; Vietnamese is read without its marks."""
    return tuple(words(without_latin_marks(chunk) if lang == "vi" else chunk, lang))


def _of_chunk(chunk: str, lang: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a chunk, and whether the name of a concept may begin in it."""
    return _words_of(chunk, lang), may_begin(chunk, lang)


_kept_chunks = lru_cache(maxsize=65_536)(_of_chunk)
#: Profiles that sum up past needs say the same sentences again and again.
_kept_codes = lru_cache(maxsize=131_072)(codes_of)


class _Numbers(dict[str, int]):
    """Numbers names as they come, from 0 on."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


class Said:
    """Words and concepts of texts, in order, by number; word 0 is the end of a sentence."""

    def __init__(self, texts: Sequence[str], lang: str) -> None:
        self.words, self.codes = _Numbers({"": 0}), _Numbers()
        # No chunk holds a space, so that this one is the end of a sentence.
        chunks = _Numbers({" ": 0})
        sentences: list[str] = []
        told: list[int] = []
        ends: list[int] = []
        for text in texts:
            for sentence in SENTENCE_END.split(text[:LONGEST]):
                told += map(chunks.__getitem__, sentence.split(" "))
                told.append(0)
                sentences.append(sentence)
            ends.append(len(sentences))
        every = np.array(told, np.int64)
        of_sentences = np.repeat(np.arange(len(texts)), np.diff(ends, prepend=0))
        sentence = np.cumsum(every == 0) - (every == 0)
        starts, words, hopeful = self._read(chunks, lang)
        many = np.diff(starts)[every]
        self.said = words[spread_out(starts[every], many)]
        self.rows_said = np.repeat(of_sentences[sentence], many)
        named: list[int] = []
        of_named: list[int] = []
        for at in np.unique(sentence[hopeful[every]]).tolist():
            codes = (_kept_codes if len(sentences[at]) <= _SHORT else codes_of)(sentences[at], lang)
            named += map(self.codes.__getitem__, codes)
            of_named += [at] * len(codes)
        self.named = np.array(named, np.int64)
        self.rows_named = of_sentences[np.array(of_named, np.int64)]

    def _read(self, chunks: Iterable[str], lang: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where the words of each chunk start, the words, and who may name a concept."""
        words, starts, hopeful = [0], [0, 1], [False]
        for chunk in list(chunks)[1:]:
            found, may = (_kept_chunks if len(chunk) <= RECURRING else _of_chunk)(chunk, lang)
            words += map(self.words.__getitem__, found)
            starts.append(len(words))
            hopeful.append(may)
        return np.array(starts, np.int64), np.array(words, np.int64), np.array(hopeful)


def spread_out(starts: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Return the whole numbers of spans that start somewhere and hold so many, span by span."""
    found = np.repeat(starts - (np.cumsum(many) - many), many)
    found += np.arange(len(found))
    return found
