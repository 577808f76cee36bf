"""What a text is about, as a vector over topics that all seven languages share.

Explicit semantic analysis (Gabrilovich & Markovitch 2007), across languages by articles that stand
for the same topic (Potthast, Stein & Anderka 2008): a text is compared with the article of every
topic in its own language, and two texts of any two languages by what they resemble.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from matchmaker.language import topics
from matchmaker.matching.codes import key
from matchmaker.matching.postings import Postings, Sparse
from matchmaker.matching.terms import Idf, fit_idf, weighted

#: Only the nearest topics are kept: the tail is chance.
NEAREST = 20
#: How much the nearest stand out; 2 did best on the development set of texts (docs/matching.md).
SHARPNESS = 2.0
NO_TOPICS: Sparse = (np.empty(0, np.int64), np.empty(0, np.float32))


@cache
def _space(lang: str) -> tuple[dict[str, Idf], Postings]:
    """Return the idf of a language's articles, and the articles as postings over topics."""
    texts = [text for _code, text in topics.articles(lang)]
    idf = fit_idf((text, lang) for text in texts)
    return idf, Postings.build([weighted(text, lang, idf) for text in texts])


@cache
def _keys() -> np.ndarray:
    """Return the feature key of every topic, int64, in the order of the articles."""
    return np.array([key("text:t", code) for code, _text in topics.articles("en")], np.int64)


def warm() -> None:
    """Read the articles of every language, a second each, before somebody waits for one."""
    for lang in topics.LANGUAGES:
        _space(lang)


def topics_of(text: str, lang: str) -> Sparse:
    """Return the unit vector of the topics nearest to a text, as (sorted keys, float32 weights).

    The weight of a topic is ``max(0, s - mean(s)) ** 2`` for the cosine ``s`` with its article; at
    most NEAREST topics are kept. A text that resembles none, or is empty, has no topics.
    """
    if lang not in topics.LANGUAGES:
        return NO_TOPICS
    idf, articles = _space(lang)
    likeness = articles.dot(weighted(text, lang, idf))
    above = np.maximum(likeness - likeness.mean(), 0.0) ** SHARPNESS
    kept = np.argsort(-above, kind="stable")[:NEAREST]
    kept = kept[above[kept] > 0.0]
    if not len(kept):
        return NO_TOPICS
    weights = above[kept] / np.sqrt(above[kept] @ above[kept])
    keys = _keys()[kept]
    order = np.argsort(keys)
    return keys[order], weights[order].astype(np.float32)
