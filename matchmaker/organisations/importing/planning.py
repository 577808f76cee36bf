"""Holding a checked file against what is here: what is new, what changes, what cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from matchmaker.language.keys import name_key
from matchmaker.organisations.importing import known as here
from matchmaker.organisations.importing.checking import (
    SAY_EVERY,
    Checked,
    Item,
    Say,
    Values,
    columns_of,
)
from matchmaker.organisations.importing.importer import Importer, may_edit
from matchmaker.organisations.importing.known import Known, numbers_of
from matchmaker.organisations.importing.listings import ListingStep, differs, plan_listings
from matchmaker.organisations.importing.problems import WARNING, Problem
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services.evidence import stated
from matchmaker.vocabulary import places

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
MONEY = ("turnover_minor", "capital_minor")


@dataclass(slots=True)
class Step:
    """What is to be written for one organisation; `row` is None for a new one."""

    item: Item
    row: Organisation | None
    values: Values
    ids: list[tuple[str, str]] | None = None
    facts: dict[str, bool | None] | None = None
    listings: list[ListingStep] = field(default_factory=list)

    @property
    def what(self) -> str:
        if self.row is None:
            return NEW
        return CHANGED if self.values or self.ids is not None or self.facts else UNCHANGED


@dataclass(slots=True)
class Plan:
    steps: list[Step]
    problems: list[Problem]
    counts: dict[str, dict[str, int]]


def make_plan(
    session: Session, importer: Importer, checked: Checked, say: Say | None = None
) -> Plan:
    """Read only: the plan is written by `writing.write`, in the same transaction when it counts."""
    known = here.find(session, importer.source, checked.items)
    mine = may_edit(session, importer, known.rows.values())
    plan = Plan([], list(checked.problems), _no_counts())
    taken: dict[int, int] = {}
    seen: dict[tuple[str, str], int] = {}
    for done, item in enumerate(checked.items, 1):
        step = _step(importer, known, mine, item, plan.problems)
        if step is not None:
            if step.row is not None and taken.setdefault(step.row.id, item.row) != item.row:
                facts = {"row": taken[step.row.id]}
                plan.problems.append(Problem(item.row, "key", "same_organisation", facts))
            _point_out_twins(known, step, seen, plan.problems)
            plan_listings(importer.source, step.row, item, step.listings, plan.problems)
            plan.steps.append(step)
            _count(plan.counts, step)
        if say is not None and done % SAY_EVERY == 0:
            say(done)
    plan.problems.sort(key=lambda problem: (problem.row, problem.level))
    return plan


def _step(
    importer: Importer, known: Known, mine: set[int], item: Item, problems: list[Problem]
) -> Step | None:
    row = _find(known, mine, item)
    if item.id and row is None:
        problems.append(Problem(item.row, "id", "unknown_id"))
        return None
    if row is not None and row.id not in mine:
        column = "id" if item.id else "key" if item.source_key() in known.by_key else "business_ids"
        code = "unknown_id" if item.id else "not_yours"
        problems.append(Problem(item.row, column, code))
        return None
    _place(row, item, problems)
    if row is None:
        _needed(importer, item, problems)
        return Step(item, None, item.values, item.ids, dict(item.facts or {}) or None)
    step = Step(item, row, _differences(row, item.values))
    _money(row, item, step.values, problems)
    have = {(one.scheme, one.number_key) for one in row.business_ids}
    if item.ids is not None and set(numbers_of(item)) != have:
        step.ids = item.ids
    if item.facts is not None:
        now = stated(row)
        step.facts = {f: v for f, v in item.facts.items() if now.get(f) is not v} or None
    return step


def _find(known: Known, mine: set[int], item: Item) -> Organisation | None:
    """By its id here, else by its key at the source, else by a business number."""
    if item.id:
        return known.by_id.get(item.id)
    if (row := known.by_key.get(item.source_key())) is not None:
        return row
    ids = [found for number in numbers_of(item) for found in known.by_number.get(number, ())]
    # Of several with this number the one that may be changed is meant.
    ids.sort(key=lambda row_id: row_id not in mine)
    return known.rows.get(ids[0]) if ids else None


def _place(row: Organisation | None, item: Item, problems: list[Problem]) -> None:
    province = item.values.get("province") or (row.province if row else "")
    country = item.values.get("country")
    if province and country and places.country_of(province) != country:
        problems.append(Problem(item.row, "province", "province_elsewhere"))
    if row is None and province and not country:
        item.values["country"] = places.country_of(province)


def _needed(importer: Importer, item: Item, problems: list[Problem]) -> None:
    """What a new organisation must say before anybody can review it."""
    values = item.values
    needed = ["name", "roles"]
    if values.get("is_firm"):
        needed.append("sector")
        if places.provinces_of(values.get("country", "")) or not values.get("country"):
            needed.append("province")
    elif not values.get("country"):
        needed.append("country")
    if importer.introducer_id is not None:
        needed.append("contact_name")
    problems += [
        Problem(item.row, name, "consent_by" if name == "contact_name" else "missing")
        for name in needed
        if name not in item.tried and not values.get(name)
    ]
    if not importer.may_make(item.province):
        problems.append(Problem(item.row, "province", "out_of_scope"))


def _money(row: Organisation, item: Item, changed: Values, problems: list[Problem]) -> None:
    """Another currency means other amounts: both must be said again."""
    if "currency" in changed:
        for name in MONEY:
            if getattr(row, name) is not None and name not in item.values:
                column = columns_of("organisation")[name]
                problems.append(Problem(item.row, column, "amounts_together"))


def _differences(row: Organisation, values: Values) -> Values:
    found = {name: value for name, value in values.items() if differs(getattr(row, name), value)}
    if "sector" in found and "plain_sector" not in values:
        found["plain_sector"] = ""
    return found


def _point_out_twins(
    known: Known, step: Step, seen: dict[tuple[str, str], int], problems: list[Problem]
) -> None:
    """A new one that looks like another, here or in the file; only the programme can tell."""
    key = (name_key(step.item.name), step.item.province)
    if step.row is not None or not all(key):
        return
    first = seen.setdefault(key, step.item.row)
    if first != step.item.row:
        facts = {"row": first}
        problems.append(Problem(step.item.row, "name", "twin_row", facts, WARNING))
    if key in known.by_name:
        problems.append(Problem(step.item.row, "name", "twin", level=WARNING))


def _no_counts() -> dict[str, dict[str, int]]:
    kinds = ("organisation", "need", "offer")
    return {kind: dict.fromkeys((NEW, CHANGED, UNCHANGED), 0) for kind in kinds}


def _count(counts: dict[str, dict[str, int]], step: Step) -> None:
    counts["organisation"][step.what] += 1
    for listing in step.listings:
        counts[listing.about][listing.what] += 1


def changes_anything(counts: dict[str, dict[str, int]]) -> bool:
    return any(count[what] for count in counts.values() for what in (NEW, CHANGED))


def written(counts: dict[str, dict[str, int]], kinds: Iterable[str] = ("need", "offer")) -> int:
    return sum(counts[kind][what] for kind in kinds for what in (NEW, CHANGED))
