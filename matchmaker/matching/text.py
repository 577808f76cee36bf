"""A text as one sparse vector: its terms in its own language, and the topics it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from matchmaker.language.words import guess_language, words
from matchmaker.matching.postings import GRAIN, MOST_GRAINS, Sparse
from matchmaker.matching.terms import EMPTY, NO_IDF, Counts, Idf, count, counted, split
from matchmaker.matching.topics import share_of_topics, topic_keys, topics_of_all

#: How much of the likeness of two texts of one language comes from topics, the rest from terms.
TOPIC_SHARE = 0.4
#: A word that this share of all topics use is not worth naming.
TOO_COMMON = 0.25
#: As many topics as a plain text speaks of, if it has so many terms; a shorter one, which says too
#: little to tell, may resemble more.
PLAIN_TOPICS, PLAIN_TERMS = 13.0, 300


def vector(text: str, lang: str | None, idf: Mapping[str, Idf]) -> Sparse:
    """Return a text's vector as (sorted keys, float32 weights), of length at most 1, or EMPTY.

    Weights are whole numbers of ``GRAIN``: two bytes each in an index, and exact sums.

    Its dot product with another's is ``TOPIC_SHARE`` times the cosine of their topics plus the rest
    times the cosine of their tf-idf terms; texts of two languages share topics, glossary concepts
    and little else. The length is less than 1 for a long text that speaks of everything, see
    :func:`_focus`.
    """
    lang = lang or guess_language(text)
    return _joined(*_read(text, lang), idf.get(lang, NO_IDF))[0]


def vectors(texts: Sequence[tuple[str, str | None]], idf: Mapping[str, Idf]) -> list[Sparse]:
    """Return :func:`vector` of each (text, language), to the bit, many times faster."""
    found = [EMPTY] * len(texts)
    for lang, places, counts in counted(texts):
        told = counts.without_pairs(), topics_of_all(counts, lang)
        rows = _joined(*told, idf.get(lang, NO_IDF))
        for at, row in zip(places, rows, strict=True):
            found[at] = row
    return found


@lru_cache(maxsize=16_384)
def _read(text: str, lang: str) -> tuple[Counts, np.ndarray]:
    counts = count([text], lang)
    return counts.without_pairs(), topics_of_all(counts, lang)


def _joined(counts: Counts, topics: np.ndarray, idf: Idf) -> list[Sparse]:
    """Return terms and topics of n texts as one vector each."""
    n, width = len(counts), len(topic_keys())
    rows, at = counts.rows(), np.flatnonzero(topics)
    shares, of = topics.ravel()[at].astype(np.float64), at // width
    lengths = np.diff(counts.starts)
    sums = np.bincount(of, shares, n)
    focus = _focus(sums, lengths)
    of_terms = np.where(sums > 0.0, focus * np.sqrt(1.0 - TOPIC_SHARE), 1.0)
    # Topics go in where their key stands among the terms' of the same text.
    keys = counts.ids[counts.terms]
    place = np.searchsorted(counts.ids, topic_keys())
    before = np.searchsorted(
        rows * (len(counts.ids) + 1) + counts.terms, of * (len(counts.ids) + 1) + place[at % width]
    )
    is_topic = np.zeros(len(keys) + len(at), bool)
    is_topic[before + np.arange(len(at))] = True
    joined, values = np.empty(len(is_topic), np.int64), np.empty(len(is_topic), np.float32)
    joined[is_topic], joined[~is_topic] = topic_keys()[at % width], keys
    values[is_topic] = shares * (focus * np.sqrt(TOPIC_SHARE))[of]
    values[~is_topic] = counts.weighted(idf) * of_terms[rows]
    starts = counts.starts + np.concatenate([[0], np.cumsum(np.bincount(of, minlength=n))])
    return split(starts, joined, np.minimum(np.rint(values / GRAIN), MOST_GRAINS) * GRAIN)


def _focus(sums: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Return how much texts are about something, in (0, 1], by the sums of their unit topics.

    ``min(1, plain / n) ** 8``, where n is the effective number of topics (inverse participation
    ratio ``(sum w) ** 2 / sum w ** 2``) and plain is 13 from 300 terms on, more for shorter texts:
    naming everything is no way to resemble everything.
    """
    plain = PLAIN_TOPICS * np.maximum(1.0, PLAIN_TERMS / np.maximum(terms, 1))
    return np.asarray(np.minimum(1.0, plain / np.maximum(sums, 1.0) ** 2) ** 8)


def shared_words(one: str, other: str, lang: str, most: int = 4) -> tuple[str, ...]:
    """Return the rarest words that two texts share, for a reason's facts; cheap, not scored.

    Words of a quarter of all topics, or of fewer letters than a word of content has, say nothing.
    """
    shared = _telling_words(one[:1000], lang) & _telling_words(other[:1000], lang)
    return tuple(word for _share, word in sorted(shared)[:most])


@lru_cache(maxsize=4096)
def _telling_words(text: str, lang: str) -> frozenset[tuple[float, str]]:
    least = 4 if lang == "en" else 2
    long_enough = {word for word in words(text, lang) if len(word) >= least}
    told = ((share_of_topics(word, lang), word) for word in long_enough)
    return frozenset((share, word) for share, word in told if share < TOO_COMMON)
