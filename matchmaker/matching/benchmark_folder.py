"""Reader of benchmark folders: organisations and partners with the matches that really happened.

Plain or gzipped CSV in UTF-8; further columns are passed over, any column but the ids may be empty,
``matches_test`` may be absent. An organisation without a period is later if it has no match in
training. Nothing here knows a particular set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from matchmaker.language import zawgyi
from matchmaker.language.words import guess_language
from matchmaker.matching.benchmark_csv import BadFolder, Cells, Row, has_file, rows_of
from matchmaker.matching.learning.history import Outcome, half_life, in_order
from matchmaker.matching.records import Activity, Band, NeedRecord, OfferRecord
from matchmaker.vocabulary import places, stages
from matchmaker.vocabulary.bands import usd_band

#: Offers' organisations are numbered from here on, so that no need's organisation is one of them.
PARTNERS_FROM = 1_000_000_000
#: Columns of organisations, the partners' columns that list the same, and the attributes they are.
_LISTS = {"sector": "sectors", "city": "cities", "country": "countries", "stage": "stages"}
_ATTRS = {"sector": "sector", "city": "place", "country": "area", "stage": "stage"}
#: The day of a folder that tells of no day, and the matches of a partner that are told apart.
_NO_DAY, _MOST_AGES = date(2000, 1, 1), 10_000


@dataclass(frozen=True, slots=True)
class SoughtRow:
    """One organisation at the time it sought a match."""

    org_id: str
    org_key: str
    name: str
    period: str
    on: date | None
    #: What it sought, in USD: for the importer; the record holds the band only.
    amount: float | None
    record: NeedRecord


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner with the offer that its columns stand for."""

    partner_id: str
    name: str
    #: Ages of its past matches in days on the day of the cut.
    ages: tuple[int, ...]
    record: OfferRecord


@dataclass(frozen=True)
class BenchmarkFolder:
    """A folder read whole. Records' ids are row numbers; ``cut`` is the day after training ends."""

    name: str
    sought: tuple[SoughtRow, ...]
    partners: tuple[PartnerRow, ...]
    train: tuple[Outcome, ...]
    #: None where the folder has no ``matches_test``.
    test: tuple[Outcome, ...] | None
    cut: date
    #: What was passed over, a line each.
    notes: tuple[str, ...] = ()


def read_folder(folder: Path) -> BenchmarkFolder:
    """Read a benchmark folder; BadFolder if a file or an id column is missing or unreadable."""
    # "." has no name of its own.
    folder, cells = Path(folder).absolute(), Cells()
    if not folder.is_dir():
        raise BadFolder(f"{folder} is not a folder; name one that holds organisations.csv")
    sought_rows = rows_of(folder, "organisations", ("org_id",), "org_id")
    partner_rows = rows_of(folder, "partners", ("partner_id",), "partner_id")
    listed = (
        {row["org_id"].strip(): at for at, row in enumerate(sought_rows)},
        {row["partner_id"].strip(): at for at, row in enumerate(partner_rows)},
    )
    notes: list[str] = []
    train = _outcomes(folder, "matches_train", listed, cells, notes)
    later = has_file(folder, "matches_test")
    test = _outcomes(folder, "matches_test", listed, cells, notes) if later else None
    span = _span(train, partner_rows, cells)
    drawn = in_order(train, span.cut)
    if drawn is not None:
        notes.append("matches_train.csv: its dates tell no order of matches; one is drawn")
    matched = {outcome.need_id for outcome in train}
    for at, row in enumerate(sought_rows):
        row["period"] = row.get("period", "").casefold() or ("train" if at in matched else "test")
    firms: dict[str, int] = {}
    return BenchmarkFolder(
        name=folder.name,
        sought=tuple(_sought(at, row, firms, cells) for at, row in enumerate(sought_rows)),
        partners=tuple(_partner(at, row, span, cells) for at, row in enumerate(partner_rows)),
        train=train if drawn is None else drawn,
        test=test,
        cut=span.cut,
        notes=(*notes, *cells.notes()),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """The history that partners' columns tell of: its first day if known, and the day after it."""

    first: date | None
    cut: date

    @property
    def half(self) -> float | None:
        return half_life(self.first, self.cut)

    def age(self, day: date | None) -> int:
        """Return a day's age at the cut; what has no date is as old as the history."""
        return (self.cut - (day or self.first or self.cut)).days


def _span(train: tuple[Outcome, ...], partners: list[Row], cells: Cells) -> _Span:
    last = (cells.day("partners", row, "last_train") for row in partners)
    first = (cells.day("partners", row, _first_day(row)) for row in partners)
    dates = [*(outcome.on for outcome in train), *filter(None, last)]
    cut = max((day for day in dates if day != date.min), default=_NO_DAY) + timedelta(days=1)
    return _Span(min(filter(None, first), default=None), cut)


def _first_day(row: Row) -> str:
    """Return the column that tells how far back a partner is known."""
    return "first_train" if row.get("first_train") else "last_train"


def _outcomes(
    folder: Path,
    name: str,
    listed: tuple[dict[str, int], dict[str, int]],
    cells: Cells,
    notes: list[str],
) -> tuple[Outcome, ...]:
    """Return the matches of known organisations and partners, and note how many name others."""
    found: list[Outcome] = []
    rows = rows_of(folder, name, ("org_id", "partner_id"))
    for row in rows:
        need, offer = listed[0].get(row["org_id"].strip()), listed[1].get(row["partner_id"].strip())
        if need is not None and offer is not None:
            found.append(Outcome(need, offer, cells.day(name, row, "date") or date.min))
    if len(found) < len(rows):
        others = len(rows) - len(found)
        notes.append(f"{name}.csv: {others} rows name ids that are not listed and are passed over")
    return tuple(dict.fromkeys(found))


def _sought(at: int, row: Row, firms: dict[str, int], cells: Cells) -> SoughtRow:
    org_key = row.get("org_key") or row["org_id"].strip()
    text = _text(row)
    amount = cells.number("organisations", row, "amount_sought")
    on = cells.day("organisations", row, "date")
    record = NeedRecord(
        id=at,
        organisation_id=firms.setdefault(org_key, len(firms)),
        kind="finance",
        amount=_band(amount),
        currency="USD",
        attrs=_attrs({key: row.get(key if key != "sector" else "sectors", "") for key in _LISTS}),
        text=text,
        lang=guess_language(text),
        last_active=on,
    )
    name = row.get("name") or row["org_id"]
    return SoughtRow(row["org_id"], org_key, name, row["period"], on, amount, record)


def _partner(at: int, row: Row, span: _Span, cells: Cells) -> PartnerRow:
    text, ages = _text(row), _ages(row, span, cells)
    record = OfferRecord(
        id=at,
        organisation_id=PARTNERS_FROM + at,
        kind="finance",
        range=_range(row, cells),
        attrs=_attrs({key: row.get(column, "") for key, column in _LISTS.items()}),
        text=text,
        lang=guess_language(text),
        last_active=cells.day("partners", row, "last_train"),
        activity=Activity.of_ages(ages, span.half),
        profile_source="history",
    )
    return PartnerRow(row["partner_id"], row.get("name") or row["partner_id"], ages, record)


def _text(row: Row) -> str:
    """Return the text; what looks like Zawgyi as it was meant, for nobody is there to be asked."""
    text = row.get("text", "")
    return zawgyi.convert(text) if zawgyi.looks_like_it(text) else text


def _range(row: Row, cells: Cells) -> Band | None:
    """Return what is said of the ticket; one end may be open."""
    low, high = (cells.number("partners", row, f"ticket_{end}") or None for end in ("min", "max"))
    if low is None and high is None:
        return None
    if low is not None and high is not None:
        low, high = sorted((low, high))
    return Band(low or 0.0, high)


def _attrs(columns: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Turn ``|``-lists into codes: of our schemes where they are such, else of the column's own."""
    attrs: dict[str, tuple[str, ...]] = {}
    for column, text in columns.items():
        codes = tuple(_code(column, part.strip()) for part in text.split("|") if part.strip())
        if codes:
            attrs[_ATTRS[column]] = tuple(dict.fromkeys(codes))
    return attrs


def _code(column: str, value: str) -> str:
    if column == "country":
        known = _countries().get(value.casefold())
        if known is not None:
            return f"iso3166-1:{known}"
    if column == "stage" and value in stages.STAGES:
        return f"stage:{value}"
    return f"{column}-label:{value.casefold()}"


@cache
def _countries() -> dict[str, str]:
    """Return the codes of the countries that we list, by code and by name in any language."""
    names = ((name, one.code) for one in places.COUNTRIES for name in one.labels.values())
    codes = ((one.code, one.code) for one in places.COUNTRIES)
    return {name.casefold(): code for name, code in (*names, *codes)}


def _ages(row: Row, span: _Span, cells: Cells) -> tuple[int, ...]:
    """Spread the number of matches evenly between the first and the last day it is known for."""
    n = min(int(cells.number("partners", row, "n_train_matches") or 0), _MOST_AGES)
    days = [cells.day("partners", row, column) for column in ("first_train", "last_train")]
    first, last = days[0] or days[1], days[1] or days[0]
    newest, oldest = span.age(last), span.age(first)
    return tuple(newest + (oldest - newest) * at // max(n - 1, 1) for at in range(n))


def _band(amount: float | None) -> Band | None:
    if amount is None or amount <= 0:
        return None
    band = usd_band(amount)
    return Band(band.low, band.high)
