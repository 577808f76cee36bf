"""Text and glossary alone: every need of one file held against every offer of another."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matchmaker.language import zawgyi
from matchmaker.language.words import guess_language
from matchmaker.matching.benchmark_csv import BadFolder, read_rows
from matchmaker.matching.postings import Postings
from matchmaker.matching.ranked_csv import cells, lines
from matchmaker.matching.terms import fit_idf
from matchmaker.matching.text import vectors
from matchmaker.vocabulary.codes import LANGUAGES, language_of

#: Needs read in one go.
_SOME = 1024


def rank_texts(needs: Path, offers: Path, out: Path) -> int:
    """Write ``need_id,offer_id,score`` for every pair, the text facet's raw value in [0, 1].

    ``needs`` is a CSV of need_id, lang, text; ``offers`` of offer_id, lang, kind, text. A language
    that is empty or none of ours is guessed, and what looks like Zawgyi is read as it was meant:
    nobody is there to be asked. The idf is fitted on both files, one table a language, as a model
    version does on the texts of its pool. Returns the number of pairs; BadFolder if a file is
    unreadable.
    """
    sought, given = _read(needs, "need_id"), _read(offers, "offer_id")
    idf = fit_idf((text, lang) for _, text, lang in (*sought, *given))
    pool = Postings.build(vectors([(text, lang) for _, text, lang in given], idf))
    others = cells([offer_id for offer_id, _, _ in given])
    with out.open("w", encoding="utf-8", newline="") as stream:
        stream.write("need_id,offer_id,score\r\n")
        for start in range(0, len(sought), _SOME):
            some = sought[start : start + _SOME]
            told = vectors([(text, lang) for _, text, lang in some], idf)
            ids = cells([need_id for need_id, _, _ in some])
            for need_id, query in zip(ids, told, strict=True):
                stream.write(lines([need_id], others, np.minimum(pool.dot(query), 1.0)))
    return len(sought) * len(given)


def _read(path: Path, key: str) -> list[tuple[str, str, str]]:
    """Return the id, text and language of each row."""
    rows = read_rows(path, (key,), unique=key)
    if rows and "text" not in rows[0]:
        raise BadFolder(f"{path.name} has no column text in its first line")
    return [(row[key], *_told(row["text"], row.get("lang", ""))) for row in rows]


def _told(text: str, said: str) -> tuple[str, str]:
    """Return a text in Unicode and its language."""
    if zawgyi.looks_like_it(text):
        text = zawgyi.convert(text)
    lang = language_of(said)
    return text, lang if lang in LANGUAGES else guess_language(text)
