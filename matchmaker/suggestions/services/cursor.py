"""Where a page of matches goes on: the last (score, id), under which model version."""

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

    def __str__(self) -> str:
        return f"{self.score!r}_{self.last_id}_{self.version}_{self.seen}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for whatever no page of ours has written: one then starts at the top."""
        parts = text[:80].split("_")
        try:
            score, last_id, version, seen = (
                float(parts[0]),
                *(int(part) for part in parts[1:]),
            )
        except ValueError:
            return None
        sound = math.isfinite(score) and all(0 <= one < 2**53 for one in (last_id, version, seen))
        return cls(score, last_id, version, seen) if sound else None
