"""Where a page of matches goes on: the last (score, id), under which model version and day."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cursor:
    score: float
    last_id: int
    version: int
    #: How many matches stood on the pages before.
    seen: int
    #: Whose order of equal points the pages follow: a list begun yesterday goes on as it began.
    day: int

    def __str__(self) -> str:
        return f"{self.score!r}_{self.last_id}_{self.version}_{self.seen}_{self.day}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for whatever no page of ours has written: one then starts at the top."""
        parts = text[:80].split("_")
        try:
            score, last_id, version, seen, day = (
                float(parts[0]),
                *(int(part) for part in parts[1:]),
            )
        except ValueError:
            return None
        sound = math.isfinite(score) and all(
            0 <= one < 2**53 for one in (last_id, version, seen, day)
        )
        return cls(score, last_id, version, seen, day) if sound else None
