"""What is wrong with a file, a row or a cell: codes with facts, worded when somebody reads them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from matchmaker.errors import MatchmakerError

ERROR, WARNING = "error", "warning"
#: The code of a text that looks like Zawgyi.
ZAWGYI = "zawgyi"
#: What is quoted of a cell.
QUOTED = 60


class BadFileError(MatchmakerError):
    """The file as a whole cannot be read; `code` says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


class CellError(ValueError):
    """A cell cannot be taken as it is; `code` says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Problem:
    """Where (row as the spreadsheet numbers it, column), and what."""

    row: int
    column: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    level: str = ERROR

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def quoted(text: str) -> str:
    """A cell as a report repeats it: short, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED]}…"
