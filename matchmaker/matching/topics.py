"""What a text is about, as a vector over topics that all seven languages share.

Explicit semantic analysis (Gabrilovich & Markovitch 2007), across languages by articles that stand
for the same topic (Potthast, Stein & Anderka 2008): a text is compared with the article of every
topic in its own language, and two texts of any two languages by what they resemble.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import csr_array

from matchmaker.language import topics
from matchmaker.language.text import without_latin_marks
from matchmaker.matching.codes import key
from matchmaker.matching.encoder import encoder
from matchmaker.matching.postings import Postings, Sparse
from matchmaker.matching.terms import Counts, Idf, count, idf_of, split

#: Only the nearest topics are kept: the tail is chance.
NEAREST = 20
#: How much the nearest stand out; 2 did best on the development set of texts (docs/matching.md).
SHARPNESS = 2.0
#: How much of a topic counts for related ones, and how far above the mean, in standard deviations,
#: the likeness of two topics must be for them to be related (docs/decisions/0013).
RELATED = 0.15
OUTSTANDING = 1.5
_ARRAYS = tuple(item.name for item in fields(Postings))


@dataclass(frozen=True)
class Space:
    """The articles of one language: their idf, and postings over topics."""

    idf: Idf
    articles: Postings

    @cached_property
    def by_term(self) -> csr_array:
        """Weights by term and topic, float64 (terms, topics)."""
        listed, terms = self.articles.by_key, len(self.articles.keys)
        weights = (listed.values.astype(np.float64), listed.rows, listed.starts)
        return csr_array(weights, (terms, self.articles.size))

    def likeness(self, counts: Counts) -> np.ndarray:
        """Return the cosines of texts with the articles, float64 (texts, topics)."""
        keys, ids = self.articles.keys, counts.ids
        weights = counts.weighted(self.idf)
        if len(counts) == 1:
            return self.articles.dot((ids[counts.terms], weights))[None]
        at = np.searchsorted(keys, ids)
        known = keys.take(at, mode="clip") == ids
        kept = known[counts.terms]
        # Dense, because most articles hold most of the 3-grams; without the terms of no article,
        # by far the most pairs of words, it stays in the processor's caches.
        articles = self.by_term[at[known]].toarray()
        places = (np.cumsum(known) - 1)[counts.terms[kept]]
        starts = np.concatenate([[0], np.cumsum(kept)])[counts.starts]
        shape = (len(counts), articles.shape[0])
        told = csr_array((weights[kept].astype(np.float64), places, starts), shape)
        return np.asarray(told @ articles)


_spaces: dict[str, Space] = {}
#: Where worked-out articles are kept for other processes; nowhere until somebody says.
_kept_in: list[Path] = []


def keep_in(folder: Path) -> None:
    """Keep worked-out articles in a folder: two seconds a language to work out, none to read."""
    _kept_in[:] = [folder]


def _space(lang: str) -> Space:
    found = _spaces.get(lang) or _read(lang)
    if found is None:
        texts = [text for _code, text in topics.articles(lang)]
        counts = count(texts, lang)
        idf = idf_of(counts)
        rows = split(counts.starts, counts.ids[counts.terms], counts.weighted(idf))
        found = Space(idf, Postings.build(rows))
        _write(lang, found)
    _spaces[lang] = found
    return found


def _file(lang: str) -> Path | None:
    """Named by what it is worked out from, so that what another release kept is not read."""
    return _kept_in[0] / f"topics-{encoder()[:16]}-{lang}.npz" if _kept_in else None


def _read(lang: str) -> Space | None:
    """Return what another process worked out; None if it is not there or not such a file."""
    file = _file(lang)
    if file is None or not file.is_file():
        return None
    try:
        with np.load(file, allow_pickle=False) as kept:
            idf = Idf(kept["idf_ids"], kept["idf_values"], float(kept["idf_unseen"]))
            return _checked(Space(idf, Postings(**{name: kept[name] for name in _ARRAYS})), lang)
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        BadZipFile,
        SystemError,
    ):
        return None


def _checked(space: Space, lang: str) -> Space:
    """Return what was read; ValueError if no articles of a language can be held like this."""
    idf, articles = space.idf, space.articles
    starts = articles.row_starts.astype(np.int64)
    lengths = np.diff(starts)
    squares = np.concatenate([[0.0], np.cumsum(articles.row_values.astype(np.float64) ** 2)])
    sound = (
        articles.size == len(topics.articles(lang))
        and starts[0] == 0
        and starts[-1] == len(articles.places) == len(articles.row_values)
        and (lengths >= 0).all()
        and (np.diff(articles.keys) > 0).all()
        and articles.places.max(initial=0) < len(articles.keys)
        # Every article is a vector of length one.
        and np.allclose(np.diff(squares[starts])[lengths > 0], 1.0, atol=1e-3)
        and len(idf.ids) == len(idf.values)
        and (np.diff(idf.ids) > 0).all()
        and np.isfinite([*idf.values, idf.unseen]).all()
    )
    if not sound:
        raise ValueError("not the articles of this language")
    return space


def _write(lang: str, space: Space) -> None:
    """Put the file in place whole; without a folder each process works them out."""
    file = _file(lang)
    if file is None:
        return
    idf, articles = space.idf, space.articles
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # On a full disk what was begun goes with its folder, and fills the disk no further.
        with TemporaryDirectory(dir=file.parent) as folder:
            part = Path(folder) / file.name
            np.savez(
                part,
                idf_ids=idf.ids,
                idf_values=idf.values,
                idf_unseen=np.array(idf.unseen),
                **{name: getattr(articles, name) for name in _ARRAYS},
            )
            part.replace(file)
        for older in file.parent.glob(f"topics-*-{lang}.npz"):
            if older != file:
                older.unlink(missing_ok=True)


@cache
def _keys() -> np.ndarray:
    """Return the feature key of every topic, int64, in the order of the articles."""
    return np.array([key("text:t", code) for code, _text in topics.articles("en")], np.int64)


@cache
def _order() -> np.ndarray:
    return np.argsort(_keys())


@cache
def topic_keys() -> np.ndarray:
    """Return the feature key of every topic, int64, rising."""
    return _keys()[_order()]


@lru_cache(maxsize=65_536)
def share_of_topics(word: str, lang: str) -> float:
    """Return the share of a language's articles that hold a word, in [0, 1]; 0 elsewhere."""
    if lang not in topics.LANGUAGES:
        return 0.0
    articles = _space(lang).articles
    written = without_latin_marks(word) if lang == "vi" else word
    wanted = np.array([key("text:w", written)], np.int64)
    rows, _values, _weights = articles.entries((wanted, np.ones(1, np.float32)))
    return len(rows) / articles.size


def topics_of(text: str, lang: str) -> Sparse:
    """Return the unit vector of the topics nearest to a text, as (sorted keys, float32 weights).

    See :func:`topics_of_all`. A text that resembles none, or is empty, has no topics.
    """
    weights = topics_of_all(count([text], lang), lang)[0]
    kept = np.flatnonzero(weights)
    return topic_keys()[kept], weights[kept]


def topics_of_all(counts: Counts, lang: str) -> np.ndarray:
    """Return unit vectors of the topics nearest to texts, float32 (texts, topics), by rising key.

    The weight of a topic is ``max(0, s - mean(s)) ** 2`` for the cosine ``s`` with its article; of
    the NEAREST topics a share RELATED goes on to related topics (:func:`relatedness`), and the
    NEAREST of the sums are kept.
    """
    if lang not in topics.LANGUAGES:
        return np.zeros((len(counts), len(topic_keys())), np.float32)
    likeness = _space(lang).likeness(counts)
    likeness = likeness - likeness.mean(axis=1, keepdims=True)
    above = _nearest(np.maximum(likeness, 0.0) ** SHARPNESS)
    # A product a text, so that it is the same whatever other texts are read with it.
    above = _nearest(above + RELATED * (above[:, None] @ _related())[:, 0])
    lengths = np.sqrt((above * above).sum(axis=1, keepdims=True))
    unit = above[:, _order()] / np.where(lengths > 0.0, lengths, 1.0)
    return np.asarray(unit, np.float32)


def _nearest(weights: np.ndarray) -> np.ndarray:
    """Return the weights with all but each row's NEAREST set to 0, the first of equal ones."""
    least = np.partition(weights, -NEAREST, axis=1)[:, -NEAREST, None]
    greater, equal = weights > least, weights == least
    left = NEAREST - greater.sum(axis=1, keepdims=True)
    return np.where(greater | (equal & (equal.cumsum(axis=1) <= left)), weights, 0.0)


@cache
def _related() -> np.ndarray:
    """Return the weights of related topics, shape (topics, topics), zero on the diagonal."""
    at = {code: place for place, (code, _text) in enumerate(topics.articles("en"))}
    result = np.zeros((len(at), len(at)))
    for code, other, weight in topics.related():
        result[at[code], at[other]] = weight
    return result


def relatedness() -> np.ndarray:
    """Work out how much topics have in common, shape (topics, topics), for ``related.csv``.

    The cosine of two articles, a mean over all languages so that no chance of one counts, less its
    mean over all pairs and OUTSTANDING standard deviations; negative is 0, and a topic's sum is 1
    on average. The vectors of related topics are not at right angles: a generalised vector space
    (Wong, Ziarko & Wong 1985).
    """
    found = np.mean([_alike(lang) for lang in topics.LANGUAGES], axis=0)
    apart = ~np.eye(len(found), dtype=bool)
    above = (found - found[apart].mean()) / found[apart].std() - OUTSTANDING
    result = np.where(apart, np.maximum(above, 0.0), 0.0)
    return np.asarray(result / result.sum(axis=1).mean())


def _alike(lang: str) -> np.ndarray:
    """Return the cosine of every two articles of a language, shape (topics, topics)."""
    articles = _space(lang).articles
    ends = zip(articles.row_starts[:-1].tolist(), articles.row_starts[1:].tolist(), strict=True)
    rows = (
        (articles.keys[articles.places[start:end]], articles.row_values[start:end])
        for start, end in ends
    )
    return np.array([articles.dot(row) for row in rows])
