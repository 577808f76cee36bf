"""Texts as sparse vectors: words and their pairs, 3-grams, concepts; one frozen idf a language.

Texts are counted and weighed many at a time, in a few calls for all of them; no text's numbers
depend on those beside it, to the bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from matchmaker.language.words import guess_language
from matchmaker.matching.codes import key
from matchmaker.matching.said import LONGEST, Lexicon, Said, spread_out

#: However often it is said, a term counts four times, in long texts once in so many terms: words
#: of plain prose stay below that, a word said five hundred times does not.
MOST_TOLD, ONE_IN = 4, 50
#: Weight of a term by its kind: word, Vietnamese word without its marks, 3-gram of a word, concept
#: of the glossary, pair of words.
KIND_WEIGHT = {"w": 1.0, "v": 0.5, "g": 0.5, "c": 0.5, "b": 0.9}
#: Weight of pairs in a language where words as ICU cuts them mean enough alone.
PAIRS = {"zh": 0.6}
#: Texts and characters that are read in one go: bounds memory, and fits the processor's.
_MOST_TEXTS, _MOST_CHARACTERS = 1024, 400_000
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


@dataclass(frozen=True, slots=True)
class Counts:
    """How often n texts of one language say each term: entries by text, terms rising within it."""

    #: Sorted term ids, int64 (k,), their kind weights, float64, and which are pairs, bool.
    ids: np.ndarray
    kinds: np.ndarray
    paired: np.ndarray
    #: Where each text's entries start (n + 1,); the term's place and the count of each, float64.
    starts: np.ndarray
    terms: np.ndarray
    told: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def without_pairs(self) -> Counts:
        """Return the same without pairs of words; their ids stay, nobody says them."""
        kept = ~self.paired[self.terms]
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return replace(self, starts=starts, terms=self.terms[kept], told=self.told[kept])

    def rows(self) -> np.ndarray:
        """Return the text of each entry, int64 (entries,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def weighted(self, idf: Idf) -> np.ndarray:
        """Return the weight of each entry in the unit vector of its text, float32.

        Formula in :func:`weighted`.
        """
        rows = self.rows()
        totals = np.bincount(rows, self.told, len(self))
        most = np.maximum(MOST_TOLD, totals / ONE_IN)[rows]
        factors = self.kinds * idf.of(self.ids)
        weights = (1.0 + np.log(np.minimum(self.told, most))) * factors[self.terms]
        lengths = np.sqrt(np.bincount(rows, weights * weights, len(self)))
        return np.asarray(weights / lengths[rows], np.float32)


def split(starts: np.ndarray, keys: np.ndarray, values: np.ndarray) -> list[Sparse]:
    """Return the entries of each row as (keys, values), EMPTY where it has none."""
    spans = pairwise(starts.tolist())
    return [(keys[a:b], values[a:b]) if b > a else EMPTY for a, b in spans]


def count(texts: Sequence[str], lang: str, lexicon: Lexicon | None = None) -> Counts:
    """Count words, their 3-grams, glossary concepts and pairs of neighbouring words in texts.

    Pairs are terms because ICU cuts many a word of Vietnamese, Burmese, Thai and Chinese into parts
    that mean little alone. ``lexicon``: of the language, where other texts were read with it.
    """
    lexicon = lexicon or Lexicon(lang)
    told = Said(texts, lexicon)
    id_starts, word_ids, marked = lexicon.ids()
    is_said = np.bincount(told.said, minlength=1) > 0
    used, said = np.flatnonzero(is_said), (np.cumsum(is_said) - 1)[told.said]
    lengths = np.diff(id_starts)[used]
    begins = np.cumsum(lengths) - lengths
    of_words = word_ids[spread_out(id_starts[used], lengths)]
    of_codes = np.array([key("text:c", code) for code in told.codes], np.int64)
    first = np.append(of_words, 0)[begins].astype(np.uint64)
    paired = np.flatnonzero((told.said[:-1] > 0) & (told.said[1:] > 0))
    of_pairs = _pair_ids(first[said[paired]], first[said[paired + 1]])
    ids, places = np.unique(np.concatenate([of_words, of_codes, of_pairs]), return_inverse=True)
    codes_at, pairs_at = len(of_words), len(places) - len(of_pairs)
    kinds, is_pair = np.full(len(ids), KIND_WEIGHT["g"]), np.zeros(len(ids), bool)
    kinds[places[begins[lengths > 0]]] = KIND_WEIGHT["v" if lang == "vi" else "w"]
    kinds[places[begins[marked[used]] + 1]] = KIND_WEIGHT["w"]
    kinds[places[codes_at:pairs_at]] = KIND_WEIGHT["c"]
    kinds[places[pairs_at:]] = PAIRS.get(lang, KIND_WEIGHT["b"])
    is_pair[places[pairs_at:]] = True
    # Every saying of a term as one number, by text and then by term.
    many = lengths[said]
    entries = spread_out(begins[said], many)
    rows = [np.repeat(told.rows_said, many), told.rows_named, told.rows_said[paired]]
    terms = [places[entries], places[codes_at + told.named], places[pairs_at:]]
    every = np.concatenate(rows) * len(ids) + np.concatenate(terms)
    found, counts = np.unique(every, return_counts=True)
    starts = np.searchsorted(found, np.arange(len(texts) + 1) * len(ids))
    of_texts = np.repeat(np.arange(len(texts)), np.diff(starts)) * len(ids)
    return Counts(ids, kinds, is_pair, starts, found - of_texts, counts.astype(np.float64))


def _pair_ids(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return 63-bit ids of pairs of word ids, int64: two rounds of a multiplicative hash."""
    mixed = one * np.uint64(0x9E3779B97F4A7C15) ^ other
    mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9)
    return ((mixed ^ mixed >> np.uint64(32)) >> np.uint64(1)).astype(np.int64)


def batches(texts: Sequence[tuple[str, str | None]]) -> Iterator[tuple[str, list[int]]]:
    """Give language after language, with the places of its texts, as many as are read in one go."""
    places: dict[str, list[int]] = {}
    for at, (text, lang) in enumerate(texts):
        places.setdefault(lang or guess_language(text), []).append(at)
    for lang, found in places.items():
        batch, long = [], 0
        for at in found:
            batch.append(at)
            long += min(len(texts[at][0]), LONGEST)
            if len(batch) == _MOST_TEXTS or long > _MOST_CHARACTERS:
                yield lang, batch
                batch, long = [], 0
        if batch:
            yield lang, batch


def counted(texts: Sequence[tuple[str, str | None]]) -> Iterator[tuple[str, list[int], Counts]]:
    """Give what ``batches`` gives, with its counts."""
    lexicon = Lexicon("")
    for lang, places in batches(texts):
        if lexicon.lang != lang or lexicon.full:
            lexicon = Lexicon(lang)
        yield lang, places, count([texts[at][0] for at in places], lang, lexicon)


def weighted(text: str, lang: str | None, idf: Mapping[str, Idf], pairs: bool = False) -> Sparse:
    """Return the unit tf-idf vector of a text as (sorted term ids, float32 weights).

    With ``pairs``, neighbouring words are terms too, under an idf that was fitted with them.

    The weight of a term is ``kind weight * (1 + ln tf) * idf`` (sublinear tf, Manning, Raghavan &
    Schuetze 2008, 6.4.1) with ``tf <= max(4, terms / 50)``, then divided by the vector's length.
    A text without words is EMPTY.
    """
    lang = lang or guess_language(text)
    counts = count([text], lang)
    counts = counts if pairs else counts.without_pairs()
    weights = counts.weighted(idf.get(lang, NO_IDF))
    return split(counts.starts, counts.ids[counts.terms], weights)[0]


def fit_idf(texts: Iterable[tuple[str, str]], pairs: bool = False) -> dict[str, Idf]:
    """Fit one idf table per language from (text, lang): ``ln((1 + N) / (1 + df)) + 1``."""
    told = [(text, lang) for text, lang in texts if text.strip()]
    documents: Counter[str] = Counter()
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for lang, places, counts in counted(told):
        counts = counts if pairs else counts.without_pairs()
        documents[lang] += len(places)
        found.setdefault(lang, []).append(_frequencies(counts))
    return {lang: _table(parts, documents[lang]) for lang, parts in found.items()}


def idf_of(counts: Counts) -> Idf:
    """Fit an idf table on texts of one language that are counted already, as ``fit_idf`` does."""
    return _table([_frequencies(counts)], len(counts))


def _frequencies(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of terms that some text says, and how many texts say each."""
    frequency = np.bincount(counts.terms, minlength=len(counts.ids))
    said = frequency > 0
    return counts.ids[said], frequency[said]


def _table(parts: Sequence[tuple[np.ndarray, np.ndarray]], n: int) -> Idf:
    every = np.concatenate([ids for ids, _ in parts])
    ids, places = np.unique(every, return_inverse=True)
    df = np.bincount(places, np.concatenate([frequency for _, frequency in parts]), len(ids))
    return Idf(ids, np.log((1.0 + n) / (1.0 + df)) + 1.0, float(np.log(1.0 + n) + 1.0))
