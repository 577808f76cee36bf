"""Reading the text of one cell as what its column is about, by the rules of the forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from matchmaker.language.numbers import NumberError, parse_number
from matchmaker.language.text import TextError, ascii_digits, clean_line, normalise
from matchmaker.organisations.importing import lookups
from matchmaker.organisations.importing.problems import CellError, quoted
from matchmaker.vocabulary import sectors
from matchmaker.vocabulary.business_ids import SCHEMES, scheme
from matchmaker.web.forms.dates import FIRST_YEAR, LAST_YEAR
from matchmaker.web.forms.numbers import LARGEST

if TYPE_CHECKING:
    from matchmaker.organisations.importing.column import Column

#: Written in a cell to empty what is kept; an empty cell leaves it.
EMPTY = "(empty)"
_PARTS = re.compile(r"[;\n]+")
#: As spreadsheets and our export write a number; what a person typed goes by their language.
_MACHINE = re.compile(r"-?\d{1,18}(\.(\d{1,2}|\d{4,15}))?")
_DAYS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})"),
)
_BUDDHIST_AHEAD = 543
_YES = frozenset({"yes", "y", "1", "true", "ແມ່ນ", "ใช่", "có", "是", "បាទ", "ចាស", "ဟုတ်"})
_NO = frozenset({"no", "n", "0", "false", "ບໍ່", "ไม่", "ไม่ใช่", "không", "否", "ទេ", "မဟုတ်"})
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount whose currency stands in another column."""

    value: Decimal


def read(column: Column, text: str, locale: str) -> Any:
    """Give the value of a cell that is not empty; raises CellError."""
    if text == EMPTY:
        return column.nothing
    return _READERS[column.kind](column, text, locale)


def parts(text: str) -> list[str]:
    found = [part.strip() for part in _PARTS.split(text)]
    found = list(dict.fromkeys(part for part in found if part))
    if len(found) > _MOST_PARTS:
        raise CellError("too_many_parts", most=_MOST_PARTS)
    return found


def _line(column: Column, text: str, locale: str) -> str:
    try:
        return _short(column, clean_line(text))
    except TextError as error:
        raise CellError("hidden_signs" if error.code == "bidi_control" else "bad_signs") from error


def _text(column: Column, text: str, locale: str) -> str:
    return _short(column, normalise(text).strip())


def _short(column: Column, text: str) -> str:
    if len(text) > column.maximum:
        raise CellError("too_long", over=len(text) - column.maximum, most=column.maximum)
    return text


def _email(column: Column, text: str, locale: str) -> str:
    found = _line(column, text, locale)
    if found.count("@") != 1 or " " in found or "." not in found.partition("@")[2]:
        raise CellError("email")
    return found


def _code(column: Column, text: str, locale: str) -> str:
    return column.lookup.find(text.strip())


def _codes(column: Column, text: str, locale: str) -> list[str]:
    return list(dict.fromkeys(column.lookup.find(part) for part in parts(text)))


def _isic_codes(column: Column, text: str, locale: str) -> list[str]:
    """Sectors as ISIC codes; a plain word stands for its class."""
    return list(dict.fromkeys(_sector(part)[1] for part in parts(text)))


def _sector_pair(column: Column, text: str, locale: str) -> tuple[str | None, str]:
    return _sector(text.strip())


def _sector(text: str) -> tuple[str | None, str]:
    """(plain word, ISIC code); no plain word when an ISIC code was written."""
    try:
        plain = lookups.PLAIN_SECTORS.find(text)
    except CellError as error:
        try:
            return None, lookups.isic(text)
        except CellError as second:
            raise (second if second.code == "lost_zero" else error) from second
    return plain, sectors.isic_of(plain) or ""


def _number(column: Column, text: str, locale: str) -> Any:
    value = _decimal(text, locale)
    if value < column.minimum:
        raise CellError("too_small", number=column.minimum)
    if value > column.maximum:
        raise CellError("too_much", number=column.maximum)
    return float(value)


def _whole(column: Column, text: str, locale: str) -> int:
    value = _number(column, text, locale)
    if value % 1:
        raise CellError("not_whole")
    return int(value)


def _money(column: Column, text: str, locale: str) -> Amount:
    value = _decimal(text, locale)
    if value < 0:
        raise CellError("too_small", number=0)
    if value > LARGEST:
        raise CellError("number", why="too_large")
    return Amount(value)


def _decimal(text: str, locale: str) -> Decimal:
    figures = ascii_digits(text[:200]).strip()
    if _MACHINE.fullmatch(figures):
        return Decimal(figures)
    try:
        return parse_number(text[:200], locale)
    except NumberError as error:
        raise CellError("number", why=error.code, text=quoted(text)) from error


def _day(column: Column, text: str, locale: str) -> date:
    typed = ascii_digits(text[:40]).strip()
    found = next((m for shape in _DAYS if (m := shape.fullmatch(typed))), None)
    if found is None:
        raise CellError("day", text=quoted(text))
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        western = year - _BUDDHIST_AHEAD
        raise CellError("buddhist" if western >= FIRST_YEAR else "day", year=year, western=western)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError("no_such_day", text=quoted(text)) from error


def _yes_no(column: Column, text: str, locale: str) -> bool:
    said = text.strip().casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise CellError("yes_no", text=quoted(text))


def _ids(column: Column, text: str, locale: str) -> list[tuple[str, str]]:
    """Numbers written as KIND:NUMBER."""
    found = []
    for part in parts(text):
        kind, colon, number = part.partition(":")
        known = scheme(kind.strip().upper())
        if not colon or known is None:
            raise CellError("id_kind", text=quoted(part), codes=SCHEMES.codes())
        number = _line(column, number, locale)
        if known.check(number) is False:
            raise CellError("id_number", text=quoted(part))
        found.append((known.code.code, number))
    return found


_READERS: dict[str, Callable[[Column, str, str], Any]] = {
    "line": _line,
    "text": _text,
    "email": _email,
    "code": _code,
    "codes": _codes,
    "sector": _sector_pair,
    "sectors": _isic_codes,
    "number": _number,
    "whole": _whole,
    "money": _money,
    "day": _day,
    "yes_no": _yes_no,
    "ids": _ids,
}
