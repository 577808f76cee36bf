"""What is known of a column of the bulk format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matchmaker.organisations.importing import lookups
from matchmaker.organisations.importing.lookups import Lookup
from matchmaker.vocabulary.currencies import CURRENCIES
from matchmaker.vocabulary.languages import LANGUAGES

KEY_MAX = 60
NO_LIST = lookups.words()
_NOTHING: dict[str, Callable[[], Any]] = {
    "line": str,
    "text": str,
    "email": str,
    "code": str,
    "codes": list,
    "sectors": list,
    "ids": list,
}


@dataclass(frozen=True)
class Column:
    """`field` names what it is written to; `about` what it tells of: organisation, need, offer."""

    name: str
    kind: str
    meaning: Any
    example: str = ""
    field: str = ""
    lookup: Lookup = NO_LIST
    maximum: int = 0
    minimum: int = 0
    #: The column that holds the currency of this amount.
    currency: str = ""
    #: Leaves the programme only with an admin who looks after all of it.
    private: bool = False
    needed: bool = False

    @property
    def about(self) -> str:
        first = self.name.partition("_")[0]
        return first if first in ("need", "offer") else "organisation"

    @property
    def target(self) -> str:
        return self.field or self.name

    @property
    def nothing(self) -> Any:
        """What stands for an answer that was taken back."""
        if self.kind == "sector":
            return "", ""
        return _NOTHING.get(self.kind, lambda: None)()


KINDS = lookups.words("finance", "service")
LANGUAGE = lookups.of(LANGUAGES)
MONEY = lookups.of(CURRENCIES)
