"""Text and glossary alone: every need of one file held against every offer of another."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from matchmaker.matching.benchmark_csv import BadFolder, read_rows
from matchmaker.matching.postings import Postings
from matchmaker.matching.terms import fit_idf
from matchmaker.matching.text import vector


def rank_texts(needs: Path, offers: Path, out: Path) -> int:
    """Write ``need_id,offer_id,score`` for every pair, the text facet's raw value in [0, 1].

    ``needs`` is a CSV of need_id, lang, text; ``offers`` of offer_id, lang, kind, text; an empty
    language is guessed. The idf is fitted on both files, one table a language, as a model version
    does on the texts of its pool. Returns the number of pairs; BadFolder if a file is unreadable.
    """
    sought, given = _read(needs, "need_id"), _read(offers, "offer_id")
    idf = fit_idf((row["text"], row.get("lang", "")) for row in (*sought, *given))
    pool = Postings.build([vector(row["text"], row.get("lang"), idf) for row in given])
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("need_id", "offer_id", "score"))
        for row in sought:
            scores = pool.dot(vector(row["text"], row.get("lang"), idf))
            writer.writerows(
                (row["need_id"], other["offer_id"], f"{score:.6f}")
                for other, score in zip(given, np.round(scores, 6).tolist(), strict=True)
            )
    return len(sought) * len(given)


def _read(path: Path, key: str) -> list[dict[str, str]]:
    rows = list(read_rows(path, (key,)))
    if rows and "text" not in rows[0]:
        raise BadFolder(f"{path.name} has no column text")
    return rows
