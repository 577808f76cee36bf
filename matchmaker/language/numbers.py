"""Numbers as people of seven languages type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from matchmaker.language.text import ascii_digits, fold

_LONGEST: Final = 64
_MOST_DIGITS: Final = 30
_COMMA_DECIMAL: Final = frozenset({"vi", "lo", "id", "pt"})
_EXOTIC_MARKS: Final = str.maketrans(
    {"٫": ".", "٬": ",", "，": ",", "．": ".", "、": ",", "−": "-"}
)
_SHAPE: Final = re.compile(
    r"(?P<before>[^\d.,+-]*)(?P<sign>[+-]?)\s*(?P<body>[\d.,'’\s]*\d)(?P<after>\D*)"
)
_SPACES: Final = re.compile(r"[\s'’]")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+")

_SCALES: Final = {
    "thousand": 3, "million": 6, "billion": 9,
    "ພັນ": 3, "ແສນ": 5, "ລ້ານ": 6, "ຕື້": 9, "ພັນລ້ານ": 9,
    "พัน": 3, "หมื่น": 4, "แสน": 5, "ล้าน": 6, "พันล้าน": 9,
    "ពាន់": 3, "ម៉ឺន": 4, "សែន": 5, "លាន": 6, "ពាន់លាន": 9,
    "ထောင်": 3, "သောင်း": 4, "သိန်း": 5, "သန်း": 6, "ဘီလီယံ": 9,
    "nghìn": 3, "ngàn": 3, "nghin": 3, "ngan": 3, "triệu": 6, "trieu": 6, "tỷ": 9, "tỉ": 9, "ty": 9,
    "千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8,
}  # fmt: skip
_UNITS: Final = frozenset({
    "lak", "khr", "thb", "vnd", "mmk", "cny", "rmb", "usd", "us", "eur", "sgd", "myr", "idr",
    "php", "bnd", "jpy", "kip", "riel", "baht", "dong", "kyat", "kyats", "ks", "yuan", "dollar",
    "dollars", "vnđ", "đồng", "đ", "₭", "៛", "฿", "₫", "¥", "$", "us$", "€", "£", "ກີບ", "ໂດລາ",
    "ໂດລາສະຫະລັດ", "រៀល", "ដុល្លារ", "บาท", "ดอลลาร์", "ကျပ်", "ဒေါ်လာ", "元", "人民币", "美元", "圆",
})  # fmt: skip


class NumberError(ValueError):
    """A text is no number one may rely on; `code` says why, for the form to word it.

    Codes: `empty`, `too_long`, `too_large`, `not_a_number`, `grouping`, `ambiguous`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_number(text: str, locale: str) -> Decimal:
    """Read a finite number in local digits and marks; a unit of money may stand beside it.

    A mark that this locale and its neighbour read differently ("1,000" in Vietnamese) is refused as
    `ambiguous` instead of guessed: it may be a sum of money. Raises NumberError.
    """
    if len(text) > _LONGEST * 16:
        raise NumberError("too_long")
    text = ascii_digits(text.translate(_EXOTIC_MARKS)).strip()
    if not text:
        raise NumberError("empty")
    if len(text) > _LONGEST:
        raise NumberError("too_long")
    shape = _SHAPE.fullmatch(text)
    if shape is None or _unknown(shape["before"]):
        raise NumberError("not_a_number")
    number = _plain_number(_joined(shape["body"]), _decimal_mark(locale))
    value = Decimal(number) * _scale(shape["after"])
    return -value if shape["sign"] == "-" else value


def _decimal_mark(locale: str) -> str:
    return "," if re.split("[-_]", locale)[0] in _COMMA_DECIMAL else "."


def _unknown(words: str) -> bool:
    return any(word not in _UNITS for word in _unit_words(words))


def _unit_words(words: str) -> list[str]:
    return fold(words.replace(".", " "), "xx").split()


def _scale(after: str) -> int:
    """Give what the words behind the figures multiply by: "million", "ລ້ານກີບ", "万元"."""
    rest = [word for word in _unit_words(after) if word not in _UNITS]
    if not rest:
        return 1
    for scale, power in _SCALES.items():
        unit = rest[0].removeprefix(scale)
        if len(rest) == 1 and unit != rest[0] and (not unit or unit in _UNITS):
            return int(10**power)
    raise NumberError("not_a_number")


def _joined(body: str) -> str:
    """Drop spaces that part groups of three figures; any other space makes it two numbers."""
    head, *groups = _SPACES.split(body)
    whole = [re.split("[.,]", group)[0] for group in groups]
    if any(len(figures) != 3 for figures in whole):
        raise NumberError("grouping")
    return head + "".join(groups)


def _plain_number(body: str, mark: str) -> str:
    """Give the figures with at most one `.`, once the marks can mean one thing only."""
    if sum(map(str.isdigit, body)) > _MOST_DIGITS:
        raise NumberError("too_large")
    commas, dots = body.count(","), body.count(".")
    if commas and dots:
        mark = "," if body.rindex(",") > body.rindex(".") else "."
    elif commas + dots > 1:
        mark = "." if commas else ","
    group = "." if mark == "," else ","
    whole, _, part = body.partition(mark)
    if mark in part or group in part:
        raise NumberError("grouping")
    if not commas + dots or (commas and dots) or group in body:
        return _ungroup(whole, group) + (f".{part}" if part else "")
    if len(part) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        raise NumberError("ambiguous")
    return f"{whole or '0'}.{part}"


def _ungroup(whole: str, group: str) -> str:
    if group in whole and not _GROUPED.fullmatch(whole.replace(group, ",")):
        raise NumberError("grouping")
    return whole.replace(group, "") or "0"
