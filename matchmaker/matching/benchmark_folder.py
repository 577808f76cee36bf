"""Reader of benchmark folders: organisations and partners with the matches that really happened.

Plain or gzipped CSV in UTF-8; further columns are passed over, any column but the ids may be empty,
``matches_test`` may be absent. Nothing here knows a particular set.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from matchmaker.errors import MatchmakerError
from matchmaker.language.words import guess_language
from matchmaker.matching.learning.history import Outcome, half_life
from matchmaker.matching.records import Activity, Band, NeedRecord, OfferRecord
from matchmaker.vocabulary import places, stages
from matchmaker.vocabulary.bands import usd_band

#: Offers' organisations are numbered from here on, so that no need's organisation is one of them.
PARTNERS_FROM = 1_000_000_000
#: Columns of organisations, the partners' columns that list the same, and the attributes they are.
_LISTS = {"sector": "sectors", "city": "cities", "country": "countries", "stage": "stages"}
_ATTRS = {"sector": "sector", "city": "place", "country": "area", "stage": "stage"}


class BadFolder(MatchmakerError):
    """A benchmark folder cannot be read; the message names file and line."""


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


def read_folder(folder: Path) -> BenchmarkFolder:
    """Read a benchmark folder; BadFolder if a file or an id column is missing or unreadable."""
    folder = Path(folder)
    sought_rows = list(_rows(folder, "organisations", ("org_id",)))
    partner_rows = list(_rows(folder, "partners", ("partner_id",)))
    needs = {row["org_id"]: at for at, row in enumerate(sought_rows)}
    offers = {row["partner_id"]: at for at, row in enumerate(partner_rows)}
    train = _outcomes(folder, "matches_train", needs, offers)
    test = _outcomes(folder, "matches_test", needs, offers)
    if train is None:
        raise BadFolder(f"{folder.name}: matches_train.csv is missing")
    dates = [outcome.on for outcome in train]
    dates += [on for row in partner_rows if (on := _day(row.get("last_train"))) is not None]
    cut = max(dates, default=date(2000, 1, 1)) + timedelta(days=1)
    firms: dict[str, int] = {}
    began = (_day(row.get("first_train") or row.get("last_train")) for row in partner_rows)
    half = half_life(min((on for on in began if on is not None), default=None), cut)
    return BenchmarkFolder(
        name=folder.name,
        sought=tuple(_sought(at, row, firms) for at, row in enumerate(sought_rows)),
        partners=tuple(_partner(at, row, cut, half) for at, row in enumerate(partner_rows)),
        train=train,
        test=test,
        cut=cut,
    )


def _rows(folder: Path, name: str, ids: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the rows of ``name.csv`` or ``name.csv.gz`` with every value stripped."""
    plain, packed = folder / f"{name}.csv", folder / f"{name}.csv.gz"
    if not plain.exists() and not packed.exists():
        raise BadFolder(f"{folder.name}: {name}.csv is missing")
    return read_rows(plain if plain.exists() else packed, ids)


def read_rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, plain or gzip, with every value stripped.

    Raises BadFolder, naming file and line, if it cannot be read or a needed column is empty.
    """
    where = ": ".join(filter(None, (path.parent.name, path.name.removesuffix(".gz"))))
    try:
        with _opened(path) as stream:
            for line, row in enumerate(csv.DictReader(stream), start=2):
                clean = {key: (value or "").strip() for key, value in row.items() if key}
                missing = [column for column in needed if not clean.get(column)]
                if missing:
                    raise BadFolder(f"{where} line {line} has no {missing[0]}")
                yield clean
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise BadFolder(f"{where} cannot be read: {error}") from error


def _opened(path: Path) -> IO[str]:
    if path.suffix != ".gz":
        return path.open(encoding="utf-8-sig", newline="")
    return gzip.open(path, "rt", encoding="utf-8-sig", newline="")


def _outcomes(
    folder: Path, name: str, needs: dict[str, int], offers: dict[str, int]
) -> tuple[Outcome, ...] | None:
    """Return the matches of known organisations and partners; None if there is no such file."""
    if not any((folder / f"{name}{end}").exists() for end in (".csv", ".csv.gz")):
        return None
    return tuple(
        Outcome(needs[row["org_id"]], offers[row["partner_id"]], _day(row.get("date")) or date.min)
        for row in _rows(folder, name, ("org_id", "partner_id"))
        if row["org_id"] in needs and row["partner_id"] in offers
    )


def _sought(at: int, row: dict[str, str], firms: dict[str, int]) -> SoughtRow:
    org_key = row.get("org_key") or row["org_id"]
    text = row.get("text", "")
    record = NeedRecord(
        id=at,
        organisation_id=firms.setdefault(org_key, len(firms)),
        kind="finance",
        amount=_band(row.get("amount_sought")),
        currency="USD",
        attrs=_attrs({key: row.get(key if key != "sector" else "sectors", "") for key in _LISTS}),
        text=text,
        lang=guess_language(text),
        last_active=_day(row.get("date")),
    )
    period = row.get("period") or "train"
    name = row.get("name") or row["org_id"]
    amount, on = _number(row.get("amount_sought")), _day(row.get("date"))
    return SoughtRow(row["org_id"], org_key, name, period, on, amount, record)


def _partner(at: int, row: dict[str, str], cut: date, half: float | None) -> PartnerRow:
    low, high = _number(row.get("ticket_min")), _number(row.get("ticket_max"))
    text, ages = row.get("text", ""), _ages(row, cut)
    record = OfferRecord(
        id=at,
        organisation_id=PARTNERS_FROM + at,
        kind="finance",
        range=None if low is None or high is None else Band(low, max(low, high)),
        attrs=_attrs({key: row.get(column, "") for key, column in _LISTS.items()}),
        text=text,
        lang=guess_language(text),
        last_active=_day(row.get("last_train")),
        activity=Activity.of_ages(ages, half),
        profile_source="history",
    )
    return PartnerRow(row["partner_id"], row.get("name") or row["partner_id"], ages, record)


def _attrs(columns: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Turn ``|``-lists into codes: of our schemes where they are such, else of the column's own."""
    attrs: dict[str, tuple[str, ...]] = {}
    for column, text in columns.items():
        codes = tuple(_code(column, part.strip()) for part in text.split("|") if part.strip())
        if codes:
            attrs[_ATTRS[column]] = tuple(dict.fromkeys(codes))
    return attrs


def _code(column: str, value: str) -> str:
    if column == "country" and value in places.COUNTRIES:
        return f"iso3166-1:{value}"
    if column == "stage" and value in stages.STAGES:
        return f"stage:{value}"
    return f"{column}-label:{value.casefold()}"


def _ages(row: dict[str, str], cut: date) -> tuple[int, ...]:
    """Spread the number of matches evenly between the first and the last day it is known for."""
    n = int(_number(row.get("n_train_matches")) or 0)
    last = _day(row.get("last_train"))
    if n == 0 or last is None:
        return ()
    first = _day(row.get("first_train")) or last
    newest, oldest = (cut - last).days, (cut - first).days
    return tuple(newest + (oldest - newest) * at // max(n - 1, 1) for at in range(n))


def _band(text: str | None) -> Band | None:
    amount = _number(text)
    if amount is None or amount <= 0:
        return None
    band = usd_band(amount)
    return Band(band.low, band.high)


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < 1e15 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
