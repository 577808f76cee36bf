"""From text cells to organisations with their needs and offers: all that needs no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matchmaker.language.keys import name_key
from matchmaker.organisations.importing.cells import Amount, read
from matchmaker.organisations.importing.columns import BY_NAME, Column
from matchmaker.organisations.importing.files import Line, Sheet
from matchmaker.organisations.importing.offer_columns import ASKED, WISHES
from matchmaker.organisations.importing.problems import CellError, Problem
from matchmaker.organisations.importing.unicode_text import in_unicode
from matchmaker.organisations.services.business_id import number_key
from matchmaker.organisations.services.criteria import MUST, PREFER
from matchmaker.vocabulary.currencies import exponent, to_minor
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.web.forms.numbers import LARGEST

Values = dict[str, Any]
#: Told how many rows are done, every so often.
Say = Callable[[int], None]
SAY_EVERY = 50
#: (lowest, highest) that may not be the other way round.
ORDERED = (
    ("offer_amount_min", "offer_amount_max"),
    ("offer_interest_min", "offer_interest_max"),
    ("offer_months_min", "offer_months_max"),
    ("offer_age_min", "offer_age_max"),
    ("offer_staff_min", "offer_staff_max"),
)


@dataclass(slots=True)
class Listing:
    """A need or an offer as its row tells it; what the row leaves empty is not in `values`."""

    row: int
    about: str
    id: str
    key: str
    values: Values
    #: Answers of `services.criteria`, and how strict the range is.
    asked: Values = field(default_factory=dict)
    amount_rule: str | None = None
    #: Columns that are filled, if only with what cannot be read: they are not missing.
    tried: frozenset[str] = frozenset()


@dataclass(slots=True)
class Item:
    """An organisation as one or more rows tell it."""

    row: int
    id: str
    key: str
    values: Values
    ids: list[tuple[str, str]] | None = None
    facts: dict[str, bool] | None = None
    listings: list[Listing] = field(default_factory=list)
    #: Column -> value, with which further rows must agree.
    said: Values = field(default_factory=dict)
    #: Columns that are filled, if only with what cannot be read: they are not missing.
    tried: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    @property
    def province(self) -> str:
        return str(self.values.get("province", ""))

    def source_key(self) -> str:
        """What finds it again at its source when it bears no key of its own."""
        if self.key:
            return self.key
        if self.ids:
            scheme, number = self.ids[0]
            return f"auto:{scheme}:{number_key(number)}"[:120]
        return f"auto:{self.province}:{name_key(self.name)}"[:120]


@dataclass(slots=True)
class Checked:
    items: list[Item]
    problems: list[Problem]
    rows: int


def check(
    sheet: Sheet, locale: str, say: Say | None = None, *, to_unicode: bool = False
) -> Checked:
    """Read every cell; rows that tell of one organisation become one item.

    Burmese that looks like Zawgyi is pointed out, or turned into Unicode where that was asked for.
    """
    problems = list(sheet.problems)
    items: dict[Any, Item] = {}
    for done, line in enumerate(sheet.lines, 1):
        if say is not None and done % SAY_EVERY == 0:
            say(done)
        line = in_unicode(line, problems, to_unicode)
        said = _read(line, locale, problems)
        found = _item(line, said)
        item = items.setdefault(_identity(found, line), found)
        if item is not found:
            _agree(item, found, line.number, problems)
        listing = _listing(line, said, problems)
        if listing is not None:
            item.listings.append(listing)
    return Checked(list(items.values()), problems, len(sheet.lines))


def _read(line: Line, locale: str, problems: list[Problem]) -> Values:
    said: Values = {}
    for name, text in line.cells.items():
        try:
            said[name] = read(BY_NAME[name], text, locale)
        except CellError as error:
            problems.append(Problem(line.number, name, error.code, error.facts))
    _amounts(line.number, said, problems)
    for low, high in ORDERED:
        if said.get(low) is not None and said.get(high) is not None and said[high] < said[low]:
            problems.append(Problem(line.number, high, "below", {"other": low}))
    longest = said.get("offer_months_max") or said.get("offer_months_min")
    if longest is not None and (said.get("offer_grace_months") or 0) >= longest:
        problems.append(Problem(line.number, "offer_grace_months", "all_grace"))
    return said


def _amounts(row: int, said: Values, problems: list[Problem]) -> None:
    """Amounts to minor units of the currency beside them; a currency alone says nothing."""
    priced: set[str] = set()
    for name in [name for name, value in said.items() if isinstance(value, Amount)]:
        currency, amount = BY_NAME[name].currency, said.pop(name).value
        code = said.get(currency)
        if not code:
            problems.append(Problem(row, currency, "currency"))
            continue
        priced.add(currency)
        if amount != round(amount, exponent(code)):
            problems.append(Problem(row, name, "decimals", {"places": exponent(code)}))
        elif to_minor(amount, code) > LARGEST:
            problems.append(Problem(row, name, "number", {"why": "too_large"}))
        else:
            said[name] = to_minor(amount, code)
    for name in {column.currency for column in BY_NAME.values() if column.currency} - priced:
        said.pop(name, None)


def _item(line: Line, said: Values) -> Item:
    own = {n: value for n, value in said.items() if BY_NAME[n].about == "organisation"}
    values: Values = {}
    for name, value in own.items():
        _put(values, BY_NAME[name], value)
    item = Item(line.number, values.pop("id", ""), values.pop("key", ""), values, said=own)
    item.tried = frozenset(line.cells)
    item.ids = values.pop("business_ids", None)
    yes, no = values.pop("evidence_yes", None), values.pop("evidence_no", None)
    if yes is not None or no is not None:
        item.facts = dict.fromkeys(no or (), False) | dict.fromkeys(yes or (), True)
    return item


def _put(values: Values, column: Column, value: Any) -> None:
    """Write what a cell says under the names of the model."""
    if column.kind == "sector":
        plain, values["sector"] = value
        if plain is not None:
            values["plain_sector"] = plain
    elif column.name == "roles":
        values.update({f"is_{role}": role in value for role, _w in column.lookup.entries})
    else:
        values[column.target] = value


def _identity(item: Item, line: Line) -> Any:
    if item.id or item.key:
        return item.id, item.key
    if item.ids:
        return item.ids[0][0], number_key(item.ids[0][1])
    # Without a name nothing tells whose row it is: it stands alone and is reported.
    return (name_key(item.name), item.province) if item.name else line.number


def _agree(item: Item, other: Item, row: int, problems: list[Problem]) -> None:
    """Rows of one organisation add to each other, and do not contradict."""
    for name, value in other.said.items():
        if name in item.said and item.said[name] != value:
            problems.append(Problem(row, name, "differs", {"row": item.row}))
        elif name not in item.said:
            item.said[name] = value
    item.values = other.values | item.values
    item.tried |= other.tried
    item.ids = item.ids if item.ids is not None else other.ids
    if other.facts is not None:
        item.facts = other.facts | (item.facts or {})


def _listing(line: Line, said: Values, problems: list[Problem]) -> Listing | None:
    abouts = {BY_NAME[name].about for name in line.cells} - {"organisation"}
    if not abouts:
        return None
    if len(abouts) > 1:
        problems.append(Problem(line.number, "offer_title", "both"))
        return None
    about = abouts.pop()
    own = {name: value for name, value in said.items() if BY_NAME[name].about == about}
    key, row_id = own.pop(f"{about}_key", ""), own.pop(f"{about}_id", "")
    listing = Listing(line.number, about, row_id, key, {}, tried=frozenset(line.cells))
    for name, value in own.items():
        target = BY_NAME[name].target
        if target.startswith(ASKED):
            listing.asked[target.removeprefix(ASKED)] = value
        else:
            listing.values[target] = value
    listing.amount_rule = listing.values.pop("amount_rule", None)
    _wishes(listing.asked)
    _kind(listing, problems)
    return listing


def _wishes(asked: Values) -> None:
    wishes = asked.pop("wishes", None)
    if wishes is not None:
        asked.update(
            {f"{answer}_weight": PREFER if n in wishes else MUST for n, answer in WISHES.items()}
        )


def _kind(listing: Listing, problems: list[Problem]) -> None:
    """The code tells whether it is finance or a service."""
    code = listing.values.get("code")
    if not code:
        return
    kind = "finance" if code in INSTRUMENTS else "service"
    if listing.values.setdefault("kind", kind) != kind:
        problems.append(Problem(listing.row, f"{listing.about}_kind", "kind_of_code"))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]


def columns_of(about: str) -> Mapping[str, str]:
    """Field of the model -> name of the column."""
    return {c.target: c.name for c in BY_NAME.values() if c.about == about}
