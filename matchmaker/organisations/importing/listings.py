"""The needs and offers of one organisation in a file, held against those it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.extensions import clock
from matchmaker.language.text import fold, normalise
from matchmaker.matching.records import Criterion as Rule
from matchmaker.organisations.forms.need import FARTHEST
from matchmaker.organisations.importing.checking import Item, Listing, Values, columns_of
from matchmaker.organisations.importing.problems import Problem
from matchmaker.organisations.models import Need, Offer, Organisation, PublicationState
from matchmaker.organisations.services import criteria
from matchmaker.organisations.services.offer import amount_rule_of, declared

NEED_NEEDED = ("title", "kind")
OFFER_NEEDED = ("title", "code")
KEY_MAX = 120


@dataclass(slots=True)
class ListingStep:
    """What is to be written for a need or an offer; `row` is None for a new one."""

    about: str
    row: Need | Offer | None
    source_key: str
    values: Values
    rules: Sequence[Rule] | None = None
    amount_rule: str | None = None

    @property
    def what(self) -> str:
        if self.row is None:
            return "new"
        said = self.values or self.rules is not None or self.amount_rule is not None
        return "changed" if said else "unchanged"


def plan_listings(
    source: str,
    organisation: Organisation | None,
    item: Item,
    steps: list[ListingStep],
    problems: list[Problem],
) -> None:
    ours = organisation is not None and organisation.source == source
    base = item.source_key()
    if organisation is not None:
        base = (organisation.source_key if ours else None) or organisation.public_id
    taken: dict[Any, int] = {}
    for listing in item.listings:
        key = f"{base}/{listing.key or fold(str(listing.values.get('title', '')))}"[:KEY_MAX]
        row = _find(source, organisation, listing, key)
        if listing.id and row is None:
            problems.append(Problem(listing.row, f"{listing.about}_id", "unknown_listing"))
            continue
        mark = (listing.about, row.id if row is not None else key)
        if taken.setdefault(mark, listing.row) != listing.row:
            facts = {"row": taken[mark]}
            problems.append(Problem(listing.row, f"{listing.about}_title", "twice", facts))
            continue
        steps.append(_step(listing, row, key, problems))


def _find(
    source: str, organisation: Organisation | None, listing: Listing, key: str
) -> Need | Offer | None:
    """By its id here, else by its key at the source, else by its title."""
    if organisation is None:
        return None
    needs: list[Need | Offer] = list(organisation.needs)
    rows = needs if listing.about == "need" else list(organisation.offers)
    if listing.id:
        return next((row for row in rows if row.public_id == listing.id), None)
    for row in rows:
        if row.source == source and row.source_key == key:
            return row
    title = listing.values.get("title")
    if listing.key or not title:
        return None
    alike = (row for row in rows if normalise(row.title).strip() == title)
    return next((row for row in alike if row.state is not PublicationState.CLOSED), None)


def _step(
    listing: Listing, row: Need | Offer | None, key: str, problems: list[Problem]
) -> ListingStep:
    values = listing.values
    if row is None:
        _needed(listing, problems)
        _day(listing, problems)
        rules = criteria.to_rules(criteria.to_values(()) | listing.asked)
        return ListingStep(listing.about, None, key, values, rules, listing.amount_rule)
    changed = {n: value for n, value in values.items() if differs(getattr(row, n), value)}
    step = ListingStep(listing.about, row, key, changed)
    if isinstance(row, Offer):
        step.rules = _new_rules(row, listing.asked)
        if listing.amount_rule not in (None, amount_rule_of(row)):
            step.amount_rule = listing.amount_rule
    _may_change(listing, row, step, problems)
    return step


def _new_rules(offer: Offer, asked: Values) -> list[Rule] | None:
    """What is asked for now, with the answers of the row put over it; None when it is the same."""
    rules = declared(offer)
    now = criteria.to_values(rules)
    if not any(differs(now.get(name), value) for name, value in asked.items()):
        return None
    return criteria.to_rules(now | asked) + criteria.unshown(rules)


def differs(now: Any, value: Any) -> bool:
    """Whether a cell says something else; the order of a list says nothing."""
    if isinstance(value, list):
        return set(now or ()) != set(value)
    if isinstance(value, str) and isinstance(now, str):
        return now != value and normalise(now).strip() != value
    return bool(now != value)


def _needed(listing: Listing, problems: list[Problem]) -> None:
    """As the forms ask."""
    needed = list(NEED_NEEDED if listing.about == "need" else OFFER_NEEDED)
    if listing.about == "need":
        finance = listing.values.get("kind") == "finance"
        needed += ["amount_minor", "purpose"] if finance else ["code"]
    columns = columns_of(listing.about)
    problems += [
        Problem(listing.row, columns[name], "missing")
        for name in needed
        if listing.values.get(name) in (None, "") and columns[name] not in listing.tried
    ]


def _day(listing: Listing, problems: list[Problem]) -> None:
    day, today = listing.values.get("needed_by"), clock.today()
    if day is not None and not today <= day <= today + FARTHEST:
        problems.append(Problem(listing.row, "need_by", "past_day"))


def _may_change(
    listing: Listing, row: Need | Offer, step: ListingStep, problems: list[Problem]
) -> None:
    if step.what == "unchanged":
        return
    if row.state is PublicationState.CLOSED:
        problems.append(Problem(listing.row, f"{listing.about}_title", "closed"))
    if "kind" in step.values:
        problems.append(Problem(listing.row, f"{listing.about}_kind", "other_kind"))
    if "needed_by" in step.values:
        _day(listing, problems)
    if step.values.get("title") == "":
        problems.append(Problem(listing.row, f"{listing.about}_title", "missing"))
    if isinstance(row, Offer) and "currency" in step.values:
        for name in ("amount_min_minor", "amount_max_minor"):
            if getattr(row, name) is not None and name not in listing.values:
                column = columns_of("offer")[name]
                problems.append(Problem(listing.row, column, "amounts_together"))
