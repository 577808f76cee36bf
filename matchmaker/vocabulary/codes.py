"""The two shapes every list shares: a code with its labels, and a list read on first use."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "lo", "km", "my", "th", "vi", "zh")

_NOTHING: Mapping[str, str] = MappingProxyType({})
_OWN_COLUMNS = frozenset({"code", "parent", "valid_from", "valid_to"})


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list; `extra` holds the list's own columns, such as `source` and `checked`."""

    scheme: str
    code: str
    labels: Mapping[str, str] = field(hash=False)
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)

    @property
    def full(self) -> str:
        """Give the code as attributes and criteria write it, `scheme:code`."""
        return f"{self.scheme}:{self.code}"

    def label(self, locale: str) -> str:
        """Give the words for a locale (`lo`, `lo_LA`, `zh-Hans`), English where there are none."""
        return self.labels.get(language_of(locale)) or self.labels["en"]

    def in_force(self, on: date | None) -> bool:
        """Say whether the code holds on a day; without a day, whether no end of it is known."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


def language_of(locale: str) -> str:
    """Give the language of a locale name: `zh_Hans_CN` and `zh-Hans` are both `zh`."""
    return locale.replace("-", "_").partition("_")[0].lower()


def rows(name: str) -> list[dict[str, str]]:
    """Read a data file of this package, a dictionary for each line."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_codes(scheme: str, name: str) -> list[Code]:
    """Read the codes of a data file in the order of the file."""
    return [_code(scheme, row) for row in rows(name)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _code(scheme: str, row: Mapping[str, str]) -> Code:
    labels = {key[6:]: text for key, text in row.items() if key.startswith("label_") and text}
    extra = {
        key: text
        for key, text in row.items()
        if text and key not in _OWN_COLUMNS and not key.startswith("label_")
    }
    return Code(
        scheme=scheme,
        code=row["code"],
        labels=MappingProxyType(labels),
        parent=row.get("parent") or None,
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        extra=MappingProxyType(extra) if extra else _NOTHING,
    )


class CodeList:
    """A list of codes in the order people should see it; its file is read when first asked.

    With `ordered`, neighbours in the list are near each other (size classes, stages); otherwise
    nearness comes from shared parents.
    """

    def __init__(
        self,
        scheme: str,
        source: str | Callable[[], Iterable[Code]],
        *,
        ordered: bool = False,
    ) -> None:
        self.scheme = scheme
        self._source = source
        self._ordered = ordered

    @cached_property
    def _codes(self) -> dict[str, Code]:
        source = self._source
        found = read_codes(self.scheme, source) if isinstance(source, str) else source()
        return {code.code: code for code in found}

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {code: rank for rank, code in enumerate(self._codes)}

    @cached_property
    def _children(self) -> dict[str | None, list[str]]:
        found: dict[str | None, list[str]] = {}
        for code in self:
            found.setdefault(code.parent, []).append(code.code)
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)

    def get(self, code: str) -> Code | None:
        return self._codes.get(code)

    def codes(self) -> list[str]:
        return list(self._codes)

    def label(self, code: str, locale: str) -> str:
        """Give the words for a code; a code that is not in the list shows as itself."""
        found = self._codes.get(code)
        return found.label(locale) if found else code

    def parent(self, code: str) -> str | None:
        found = self._codes.get(code)
        return found.parent if found else None

    def children(self, code: str | None) -> list[str]:
        """Give the codes right below one; below None stand those without a parent."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[str]:
        """Give parent, grandparent and so on; the last may belong to another list (a country)."""
        found: list[str] = []
        parent = self.parent(code)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parent(parent)
        return found

    def distance(self, a: str, b: str) -> float:
        """Measure how far apart two codes are: 0 the same, 1 nothing shared; a metric.

        Ordered lists count the steps between two codes over the longest way. Others take the
        Jaccard distance of {code and its ancestors}: classes of one ISIC group are 0.4 apart.
        """
        if a == b:
            return 0.0
        if self._ordered:
            return self._steps(a, b)
        mine, theirs = {a, *self.ancestors(a)}, {b, *self.ancestors(b)}
        return 1.0 - len(mine & theirs) / len(mine | theirs)

    def _steps(self, a: str, b: str) -> float:
        first, second = self._ranks.get(a), self._ranks.get(b)
        if first is None or second is None:
            return 1.0
        return abs(first - second) / (len(self._ranks) - 1)

    def choices(self, locale: str, on: date | None = None) -> list[tuple[str, str]]:
        """Give (code, words) for a form: those in force on a day, or those with no known end."""
        return [(code.code, code.label(locale)) for code in self if code.in_force(on)]
