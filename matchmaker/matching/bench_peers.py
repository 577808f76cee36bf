"""What others would search texts with, timed beside the engine; each ranks by text alone.

None of them knows gates or facets: they stand for the part of the work that they do. Those whose
library is not installed are left out (``pip install matchmaker[bench]``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from matchmaker.matching.records import NeedRecord, OfferRecord

Ranker = Callable[[NeedRecord], object]


@contextmanager
def peers(offers: Sequence[OfferRecord], n: int) -> Iterator[dict[str, Ranker]]:
    """Give rankers of the ``n`` offers whose text is nearest to a need's, by name."""
    texts = [offer.text for offer in offers]
    with ExitStack() as stack:
        found = {
            "NearestNeighbors, text": _neighbours(texts, n),
            "SQLite FTS5, text": stack.enter_context(_full_text(texts, n)),
        }
        if find_spec("bm25s"):
            found["bm25s, text"] = _bm25s(texts, n)
        if find_spec("tantivy"):
            found["tantivy, text"] = _tantivy(texts, n)
        yield found


def _neighbours(texts: Sequence[str], n: int) -> Ranker:
    vectorizer = TfidfVectorizer()
    matrix = vectorizer.fit_transform(texts)
    model = NearestNeighbors(n_neighbors=min(n, len(texts)), metric="cosine").fit(matrix)
    return lambda need: model.kneighbors(vectorizer.transform([need.text]))


@contextmanager
def _full_text(texts: Sequence[str], n: int) -> Iterator[Ranker]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE offer USING fts5(body)")
    connection.executemany("INSERT INTO offer (body) VALUES (?)", ([text] for text in texts))
    query = "SELECT rowid FROM offer WHERE offer MATCH ? ORDER BY bm25(offer) LIMIT ?"

    def rank(need: NeedRecord) -> object:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(need.text.split()))
        return connection.execute(query, (words, n)).fetchall()

    yield rank
    connection.close()


def _bm25s(texts: Sequence[str], n: int) -> Ranker:
    import bm25s

    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)

    def rank(need: NeedRecord) -> object:
        asked = bm25s.tokenize([need.text], show_progress=False)
        return retriever.retrieve(asked, k=n, show_progress=False)

    return rank


def _tantivy(texts: Sequence[str], n: int) -> Ranker:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for text in texts:
        writer.add_document(tantivy.Document(body=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(need: NeedRecord) -> object:
        return searcher.search(index.parse_query(need.text, ["body"]), n).hits

    return rank
