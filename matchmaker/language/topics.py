"""Topics that small firms and those who serve them speak of, each told in seven languages.

A topic's article holds the everyday words of owners and the terms of providers, written anew in
each language, so that two texts can be compared by topic where they share no word.
"""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "topics"
LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh")


@cache
def articles(lang: str) -> tuple[tuple[str, str], ...]:
    """Give (code, text) of every topic in one language; all languages have the same codes."""
    with (_FOLDER / f"{lang}.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["code"], row["text"]) for row in csv.DictReader(file))


@cache
def related() -> tuple[tuple[str, str, float], ...]:
    """Give (code, other code, weight in (0, 1]) of topics whose articles resemble each other."""
    with (_FOLDER / "related.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple((row["code"], row["other"], float(row["weight"])) for row in rows)


@cache
def digest() -> str:
    """Name the present articles: what was worked out with others is of no use with these."""
    found = hashlib.sha256()
    for name in (*LANGUAGES, "related"):
        found.update((_FOLDER / f"{name}.csv").read_bytes())
    return found.hexdigest()
