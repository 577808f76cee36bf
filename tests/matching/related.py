"""Write which topics are related, after articles were changed: python -m tests.matching.related."""

from __future__ import annotations

import csv
from pathlib import Path

from matchmaker.language import topics
from matchmaker.matching.topics import relatedness

FILE = Path(topics.__file__).parent / "data" / "topics" / "related.csv"
LEAST = 0.005


def worked_out() -> list[tuple[str, str, str]]:
    """Give code, other code and weight of every two related topics, as the file holds them."""
    codes = [code for code, _text in topics.articles("en")]
    found = relatedness()
    return [
        (code, other, f"{found[at, place]:.2f}")
        for at, code in enumerate(codes)
        for place, other in enumerate(codes)
        if found[at, place] >= LEAST
    ]


def main() -> None:
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "other", "weight"))
        writer.writerows(worked_out())


if __name__ == "__main__":
    main()
