"""Telephone numbers in running text, told from sums of money, years and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

_REGIONS = ("LA", "KH", "TH", "VN", "MM", "CN", "MY", "SG", "ID", "PH")
_SPACE = "[ \t\u00a0\u202f]"
_GAP = rf"(?:,(?=\d{{3}})|\.(?=\d)|{_SPACE}?[()\-–‐‑/·•_]{{1,2}}{_SPACE}?|{_SPACE}{{0,2}})"
_CANDIDATE = re.compile(rf"(?<!\d)[+(]{{0,2}}\d(?:{_GAP}\d){{5,}}+")
_SUM = re.compile(r"(?<!\d)[1-9]\d{0,2}(?:,\d{3})++(?!\d)")
_POINTS = frozenset(" .\u00a0\u202f")
_GROUP = re.compile(r"\d+")
_KEYWORD = re.compile(
    r"(?:tel|phone|mobile|hotline|call|fax|whats ?app|viber|zalo|telegram|wechat"
    r"|ໂທ|ໂທລະສັບ|ເບີ|ມືຖື|โทร|โทรศัพท์|เบอร์|มือถือ|ទូរស័ព្ទ|ទូរសព្ទ|លេខ|ဖုန်း|ဆက်သွယ်"
    r"|điện thoại|dien thoai|đt|sđt|sdt|liên hệ|电话|電話|手机|热线|联系)[^\n]{0,12}$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:\$|₭|៛|฿|₫|¥|€|usd|lak|khr|thb|vnd|mmk|cny|kip|riel|baht|dong|kyat|yuan)[ \t:]*$",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r"[ \t]*(?:\$|₭|៛|฿|₫|¥|€|đ\b|usd|lak|khr|thb|vnd|mmk|cny|rmb|kip|riel|baht|dong|kyat|ks\b|yuan"
    r"|ກີບ|ໂດລາ|រៀល|ដុល្លារ|บาท|ดอลลาร์|ကျပ်|ဒေါ်လာ|đồng|元|万|美元|million|billion|triệu|tỷ|ລ້ານ|ล้าน|លាន|သိန်း|သန်း)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20|25)\d\d")
_DATE = re.compile(
    r"(?:[0-3]?\d[/.\- ][01]?\d[/.\- ](?:19|20|25)\d\d|(?:19|20|25)\d\d[/.\-][01]?\d[/.\-][0-3]?\d)"
)
_LONGEST = 15
_SHORTEST = 7
_SHORTEST_NAMED = 6
_DOMESTIC = range(8, 13)
# Asking the numbering plans is slow: past so many questions what is as long as a number is masked.
_QUESTIONS = 60


class _Run(NamedTuple):
    """Groups of digits in a row, and whether a plus or a word says that they are a number."""

    text: str
    groups: list[tuple[int, int]]
    plus: bool
    named: bool
    ask: bool


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each telephone number in a text whose digits are ASCII."""
    text = _SUM.sub(lambda found: "x" * len(found[0]), text)
    questions = _QUESTIONS
    for found in _CANDIDATE.finditer(text):
        start, end = found.span()
        before = text[max(start - 30, 0) : start]
        if _is_money(text, before, found):
            continue
        groups = [group.span() for group in _GROUP.finditer(text, start, end)]
        if len(groups) > _QUESTIONS:
            yield start, end
            continue
        named = _KEYWORD.search(before) is not None
        questions -= len(groups)
        for first, last in _numbers(_Run(text, groups, "+" in found[0], named, questions >= 0)):
            yield start if first == 0 else groups[first][0], groups[last][1]


def _is_money(text: str, before: str, found: re.Match[str]) -> bool:
    """Tell sums by the unit beside them; a leading zero or plus speaks for a telephone."""
    if found[0].lstrip("(").startswith(("0", "+")) and not found[0].startswith("0."):
        return False
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, found.end()))


def _numbers(run: _Run) -> Iterator[tuple[int, int]]:
    """Yield first and last group of each number in a run, the longest number from each group on."""
    at = 0 if run.plus or run.named else _past_sums(run)
    while at < len(run.groups):
        last = None if _starts_at(run, at + 1) else _last_group(run, at)
        if last is not None:
            yield at, last
            at = last
        at += 1


def _starts_at(run: _Run, at: int) -> bool:
    """Say whether a number starts at a group with its zero: what stands before is no part of it."""
    if at >= len(run.groups) or (run.plus and at == 1) or run.text[run.groups[at][0]] != "0":
        return False
    return run.text[run.groups[at - 1][0]] != "0" and _last_group(run, at) is not None


def _past_sums(run: _Run) -> int:
    """Count the groups at a run's start that are sums: thousands parted by points or spaces."""
    past = 0
    while past < len(run.groups):
        at = past + 1
        while (
            at < len(run.groups) and run.text[run.groups[at - 1][1] : run.groups[at][0]] in _POINTS
        ):
            at += 1
        first, *others = (end - start for start, end in run.groups[past:at])
        if run.text[run.groups[past][0]] == "0" or first > 3 or set(others) != {3}:
            break
        past = at
    return past


def _last_group(run: _Run, first: int) -> int | None:
    """Give the last group of the longest number a plan knows, else of one that looks likely."""
    known = likely = None
    plus = run.plus and first == 0
    start = run.groups[first][0]
    digits = ""
    for last, (group_start, end) in enumerate(run.groups[first:], start=first):
        digits += run.text[group_start:end]
        if len(digits) > _LONGEST:
            break
        if not (plus or run.named) and _is_other(run.text[start:end]):
            continue
        if _is_known(digits, plus, run.ask):
            known = last
        elif likely is None and _is_likely(digits, plus, run.named):
            likely = last
    return likely if known is None else known


def _is_other(written: str) -> bool:
    """Tell dates, years, lists of small numbers and round sums."""
    groups = _GROUP.findall(written)
    if _DATE.fullmatch(written) or all(_YEAR.fullmatch(group) for group in groups):
        return True
    if written[0] == "0":
        return False
    small = len(groups) > 1 and all(len(group) <= 2 for group in groups)
    return small or all(group.endswith("000") for group in groups)


def _is_likely(digits: str, plus: bool, named: bool) -> bool:
    if plus or digits.startswith("00"):
        return len(digits) >= _DOMESTIC.start
    if named:
        return len(digits) >= _SHORTEST_NAMED and not digits.endswith("000")
    return digits.startswith("0") and len(digits) in _DOMESTIC


def _is_known(digits: str, plus: bool, ask: bool) -> bool:
    """Say whether a numbering plan of the region knows the number."""
    if len(digits) < _SHORTEST:
        return False
    return _in_plans(f"+{digits}" if plus else digits) if ask else len(digits) >= _DOMESTIC.start


@lru_cache(maxsize=10_000)
def _in_plans(number: str) -> bool:
    regions = (None,) if number.startswith("+") else _REGIONS
    return any(_in_plan(number, region) for region in regions)


def _in_plan(number: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)
