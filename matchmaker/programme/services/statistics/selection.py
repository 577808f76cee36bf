"""What of the roll-ups a reader asked for, within what their scope allows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from matchmaker.accounts.access import StaffScope
from matchmaker.programme.models import EVERYWHERE
from matchmaker.vocabulary.places import PROVINCES, current

#: Bands of the share owned by women that "half or more" means.
WOMEN = ("half", "all")


@dataclass(frozen=True, slots=True)
class Selection:
    scope: StaffScope
    #: First and last month; empty = no end on that side.
    first: date | None = None
    last: date | None = None
    province: str = ""
    kind: str = ""
    women: bool = False
    introducer_id: int | None = None

    @property
    def everywhere(self) -> bool:
        """The whole programme: its sums are kept."""
        return self.scope.everything and not self.province and self.introducer_id is None

    def months(self, model: Any) -> list[ColumnElement[bool]]:
        found = []
        if self.first is not None:
            found.append(model.month >= self.first)
        if self.last is not None:
            found.append(model.month <= self.last)
        return found

    def kinds(self, model: Any) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.kind:
            found.append(model.kind == self.kind)
        if self.women:
            found.append(model.women.in_(WOMEN))
        return found

    def places(self, model: Any) -> list[ColumnElement[bool]]:
        """Scope, province and introducer, on a table without rows for everywhere."""
        found = scope_condition(self.scope, model)
        if self.province:
            found.append(model.province == current(self.province))
        if self.introducer_id is not None:
            found.append(model.introducers.contains(f"|{self.introducer_id}|", autoescape=True))
        return found

    def places_or_sum(self, model: Any) -> list[ColumnElement[bool]]:
        """The same on a table that keeps the sum over all places in rows of its own."""
        if self.everywhere:
            return [model.province == EVERYWHERE]
        return [model.province != EVERYWHERE, *self.places(model)]


def scope_condition(scope: StaffScope, model: Any) -> list[ColumnElement[bool]]:
    """What of a table with `province` and `introducers` the scope covers."""
    if scope.everything:
        return []
    parts: list[ColumnElement[bool]] = [
        model.introducers.contains(f"|{one}|", autoescape=True)
        for one in sorted(scope.introducer_ids)
    ]
    if scope.provinces:
        parts.append(model.province.in_(sorted(scope.provinces)))
    return [or_(*parts)] if parts else [false()]


def codes_meaning(provinces: Collection[str]) -> list[str]:
    """Every code, ended ones too, that means one of these provinces today: what raw rows hold."""
    meant = {code.code for code in PROVINCES if current(code.code) in provinces}
    return sorted(meant | set(provinces))
