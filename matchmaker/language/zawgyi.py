r"""Burmese typed in Zawgyi, the older use of Unicode's code points: told and turned into Unicode.

The table `data/zawgyi.csv` holds what CLDR's transform `my-t-my-s0-zawgyi` does (Unicode License
v3), in six stages: each is one pass from left to right in which the first rule that fits wins.
`{C}` stands for a consonant, `{V}` for a vowel sign, `{M}` for a medial, `{K}` for kinzi.
"""

from __future__ import annotations

import csv
import re
import warnings
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from myanmartools import ZawgyiDetector

_DATA = Path(__file__).parent / "data" / "zawgyi.csv"
_CLASSES = {
    "{C}": r"[\u1000-\u1021]",
    "{V}": r"[\u102B-\u1030\u1032]",
    "{M}": r"[\u103B-\u103E]",
    "{K}": r"\u1004\u103A\u1039",
}
_MYANMAR = re.compile("[\u1000-\u109f]")
_ESCAPE = re.compile(r"\\u([0-9A-F]{4})")
_GROUP = re.compile(r"\\(\d)")
# No Burmese syllable repeats a sign so often; without a bound a pile of signs costs its square.
_REPEAT = {"+": "{1,8}", "*": "{0,8}"}
#: Probability from which a text is asked about.
SURE = 0.95
# A few lines tell the encoding; the detector reads every character.
_ENOUGH = 2000


class _Stage(NamedTuple):
    pattern: re.Pattern[str]
    replacements: dict[str, list[str]]


def probability(text: str) -> float:
    """Estimate from 0 to 1 that Burmese text is typed in Zawgyi; 0 without Burmese letters."""
    first = _MYANMAR.search(text)
    if first is None:
        return 0.0
    start = max(first.start() - 1, 0)
    found: float = _detector().get_zawgyi_probability(text[start : start + _ENOUGH])
    return min(max(found, 0.0), 1.0)


def looks_like_it(text: str) -> bool:
    """Whether a text is so likely Zawgyi that its writer should be asked."""
    return probability(text) > SURE


def convert(text: str) -> str:
    """Turn Zawgyi into Unicode; meant for text whose writer agreed that it is Zawgyi."""
    if not _MYANMAR.search(text):
        return text
    for stage in _stages():
        text = stage.pattern.sub(partial(_replaced, stage), text)
    return text


def _replaced(stage: _Stage, found: re.Match[str]) -> str:
    name = str(found.lastgroup)
    first = found.re.groupindex[name]
    parts = stage.replacements[name]
    return "".join(found[first + int(part)] if part.isdecimal() else part for part in parts)


@cache
def _detector() -> ZawgyiDetector:
    with warnings.catch_warnings():
        # It opens its model by a function of importlib that Python 3.11 and 3.12 call deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()


@cache
def _stages() -> list[_Stage]:
    rules: dict[str, list[tuple[str, str]]] = {}
    with _DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rules.setdefault(row["stage"], []).append((row["pattern"], row["replacement"]))
    return [_stage(found) for _, found in sorted(rules.items())]


def _stage(rules: list[tuple[str, str]]) -> _Stage:
    """Join a stage's rules to one pattern, so that one pass tries them in their order."""
    patterns = [f"(?P<rule{at}>{_bounded(pattern)})" for at, (pattern, _) in enumerate(rules)]
    replacements = {f"rule{at}": _parts(text) for at, (_, text) in enumerate(rules)}
    return _Stage(re.compile("|".join(patterns)), replacements)


def _bounded(pattern: str) -> str:
    for sign, bounded in _REPEAT.items():
        pattern = pattern.replace(sign, bounded)
    return _with_classes(pattern)


def _parts(replacement: str) -> list[str]:
    """Cut a replacement in literal text and group numbers, the latter counted inside the rule."""
    literal = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), _with_classes(replacement))
    return _GROUP.split(literal)


def _with_classes(text: str) -> str:
    for name, characters in _CLASSES.items():
        text = text.replace(name, characters)
    return text
