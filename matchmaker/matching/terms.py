"""Texts as sparse vectors: words and their pairs, 3-grams, concepts; one frozen idf a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from matchmaker.language.glossary import concepts
from matchmaker.language.text import without_latin_marks
from matchmaker.language.words import chargrams, guess_language, words
from matchmaker.matching.codes import key

#: Longer texts are cut: nobody gains by repeating themselves.
LONGEST = 12_000
#: However often it is said, a term counts four times, in long texts once in so many terms: words
#: of plain prose stay below that, a word said five hundred times does not.
MOST_TOLD, ONE_IN = 4, 50
#: Weight of a term by its kind: word, 3-gram of a word, concept of the glossary, pair of words.
KIND_WEIGHT = {"w": 1.0, "g": 0.5, "c": 0.5, "b": 0.6}

#: Neither a word nor a concept crosses the end of a sentence or a line, or a stroke between blanks.
_SENTENCE_END = re.compile(r"[.!?]\s+|\s/\s|[。！？။។\n]+")
Sparse = tuple[np.ndarray, np.ndarray]
EMPTY: Sparse = (np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Idf:
    """Inverse document frequencies of one language: sorted term ids, their idf, the unseen idf."""

    ids: np.ndarray
    values: np.ndarray
    unseen: float

    def of(self, ids: np.ndarray) -> np.ndarray:
        """Return the idf of each term id, shape (k,), the unseen value where it is not known."""
        if not len(self.ids):
            return np.full(len(ids), self.unseen)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, self.values[at], self.unseen)


NO_IDF = Idf(np.empty(0, np.int64), np.empty(0, np.float64), 1.0)


@lru_cache(maxsize=262_144)
def _of_word(word: str) -> tuple[tuple[int, float], ...]:
    """Return (term id, kind weight) of a word and of each of its 3-grams."""
    grams = ((key("text:g", gram), KIND_WEIGHT["g"]) for gram in chargrams([word]))
    return ((key("text:w", word), KIND_WEIGHT["w"]), *grams)


Terms = tuple[tuple[int, float], ...]


@lru_cache(maxsize=65_536)
def _sentence(sentence: str, lang: str) -> tuple[Terms, Terms]:
    """Return (term id, kind weight) of a sentence's terms and of its pairs; sentences recur.

    Terms are words, 3-grams of words and glossary concepts. Pairs are neighbouring words: ICU cuts
    many a word of Vietnamese, Burmese, Thai and Chinese into parts that mean little alone.
    Vietnamese is read without its marks.
    """
    found = words(without_latin_marks(sentence) if lang == "vi" else sentence, lang)
    terms = [term for word in found for term in _of_word(word)]
    told = (key("text:c", concept.code) for concept in concepts(sentence, lang))
    pairs = (key("text:b", f"{one} {other}") for one, other in pairwise(found))
    return (
        (*terms, *((term, KIND_WEIGHT["c"]) for term in told)),
        tuple((pair, KIND_WEIGHT["b"]) for pair in pairs),
    )


@lru_cache(maxsize=16_384)
def _term_ids(text: str, lang: str, pairs: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return sorted term ids with their counts and kind weights, each shape (k,)."""
    counts: dict[int, int] = {}
    weights: dict[int, float] = {}
    for sentence in _SENTENCE_END.split(text[:LONGEST]):
        for term, weight in _terms(sentence, lang, pairs):
            counts[term] = counts.get(term, 0) + 1
            weights[term] = weight
    ids = np.array(sorted(counts), np.int64)
    ordered = ids.tolist()
    return (
        ids,
        np.array([counts[term] for term in ordered], np.float64),
        np.array([weights[term] for term in ordered], np.float64),
    )


def _terms(sentence: str, lang: str, pairs: bool) -> Terms:
    terms, paired = _sentence(sentence, lang)
    return terms + paired if pairs else terms


def weighted(text: str, lang: str | None, idf: Mapping[str, Idf], pairs: bool = False) -> Sparse:
    """Return the unit tf-idf vector of a text as (sorted term ids, float32 weights).

    With ``pairs``, neighbouring words are terms too, under an idf that was fitted with them.

    The weight of a term is ``kind weight * (1 + ln tf) * idf`` (sublinear tf, Manning, Raghavan &
    Schuetze 2008, 6.4.1) with ``tf <= max(4, terms / 50)``, then divided by the vector's length.
    A text without words is EMPTY.
    """
    lang = lang or guess_language(text)
    ids, counts, kinds = _term_ids(text, lang, pairs)
    if not len(ids):
        return EMPTY
    table = idf.get(lang, NO_IDF)
    told = np.minimum(counts, max(MOST_TOLD, counts.sum() / ONE_IN))
    weights = kinds * (1.0 + np.log(told)) * table.of(ids)
    return ids, (weights / np.sqrt(weights @ weights)).astype(np.float32)


def fit_idf(texts: Iterable[tuple[str, str]], pairs: bool = False) -> dict[str, Idf]:
    """Fit one idf table per language from (text, lang): ``ln((1 + N) / (1 + df)) + 1``."""
    documents: Counter[str] = Counter()
    frequency: dict[str, Counter[int]] = {}
    for text, lang in texts:
        if text.strip():
            lang = lang or guess_language(text)
            documents[lang] += 1
            frequency.setdefault(lang, Counter()).update(_term_ids(text, lang, pairs)[0].tolist())
    return {lang: _table(counts, documents[lang]) for lang, counts in frequency.items()}


def _table(frequency: Counter[int], n: int) -> Idf:
    ids = np.array(sorted(frequency), np.int64)
    df = np.array([frequency[item] for item in ids.tolist()], np.float64)
    return Idf(ids, np.log((1.0 + n) / (1.0 + df)) + 1.0, float(np.log(1.0 + n) + 1.0))
