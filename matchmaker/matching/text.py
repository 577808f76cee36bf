"""A text as one sparse vector: its terms in its own language, and the topics it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from matchmaker.language.words import guess_language, words
from matchmaker.matching.postings import Sparse
from matchmaker.matching.terms import EMPTY, Idf, weighted
from matchmaker.matching.topics import share_of_topics, topics_of

#: How much of the likeness of two texts of one language comes from topics, the rest from terms.
TOPIC_SHARE = 0.4
#: A word that this share of all topics use is not worth naming.
TOO_COMMON = 0.25
#: As many topics as a plain text speaks of, if it has so many terms; a shorter one, which says too
#: little to tell, may resemble more.
PLAIN_TOPICS, PLAIN_TERMS = 13.0, 300


def vector(text: str, lang: str | None, idf: Mapping[str, Idf]) -> Sparse:
    """Return a text's vector as (sorted keys, float32 weights), of length at most 1, or EMPTY.

    Its dot product with another's is ``TOPIC_SHARE`` times the cosine of their topics plus the rest
    times the cosine of their tf-idf terms; texts of two languages share topics, glossary concepts
    and little else. The length is less than 1 for a long text that speaks of everything, see
    :func:`_focus`.
    """
    lang = lang or guess_language(text)
    ids, weights = weighted(text, lang, idf)
    if not len(ids):
        return EMPTY
    keys, shares = _topics(text, lang)
    if not len(keys):
        return ids, weights
    joined = np.concatenate([ids, keys])
    parts = (weights * np.sqrt(1.0 - TOPIC_SHARE), shares * np.sqrt(TOPIC_SHARE))
    values = (_focus(shares, len(ids)) * np.concatenate(parts)).astype(np.float32)
    order = np.argsort(joined)
    return joined[order], values[order]


def _focus(shares: np.ndarray, terms: int) -> float:
    """Return how much a text is about something, in (0, 1], for the unit vector of its topics.

    ``min(1, plain / n) ** 8``, where n is the effective number of topics (inverse participation
    ratio ``(sum w) ** 2 / sum w ** 2``) and plain is 13 from 300 terms on, more for shorter texts:
    naming everything is no way to resemble everything.
    """
    plain = PLAIN_TOPICS * max(1.0, PLAIN_TERMS / terms)
    return float(min(1.0, plain / float(shares.sum()) ** 2) ** 8)


@lru_cache(maxsize=16_384)
def _topics(text: str, lang: str) -> Sparse:
    return topics_of(text, lang)


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
