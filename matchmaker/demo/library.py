"""What the demo is made of: names, places, topics and texts of our own, read from `data/`."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matchmaker.vocabulary import places

_DATA = Path(__file__).parent / "data"
COUNTRIES = ("LA", "KH", "TH", "VN", "MM", "CN")
LANGUAGE_OF = {"LA": "lo", "KH": "km", "TH": "th", "VN": "vi", "MM": "my", "CN": "zh"}
CURRENCY_OF = {"LA": "LAK", "KH": "USD", "TH": "THB", "VN": "VND", "MM": "MMK", "CN": "CNY"}


@dataclass(frozen=True, slots=True)
class Place:
    province: str
    weight: int
    #: In the country's own language.
    own: str
    districts: tuple[str, ...]

    @property
    def country(self) -> str:
        return self.province[:2]


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that firms look for, and which firms do."""

    key: str
    kind: str
    codes: tuple[str, ...]
    purposes: tuple[str, ...]
    policy: str
    usd: tuple[float, float]
    sectors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Offerer:
    """A funder or provider of the demo with what it offers; country `*` is the whole region."""

    country: str
    kind: str
    lang: str
    own: str
    latin: str
    products: tuple[str, ...]


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def place_list() -> tuple[Place, ...]:
    return tuple(
        Place(row["province"], int(row["weight"]), row["own"], tuple(row["districts"].split(";")))
        for row in rows("places")
    )


@cache
def names(country: str) -> tuple[tuple[str, str], ...]:
    """What firms are called, in their own script and in Latin."""
    return tuple((row["own"], row["latin"]) for row in rows("names") if row["country"] == country)


@cache
def persons(country: str) -> tuple[tuple[str, str], ...]:
    """People's names, with `f` or `m`."""
    return tuple((row["name"], row["sex"]) for row in rows("persons") if row["country"] == country)


@cache
def trades() -> Mapping[str, Mapping[str, str]]:
    """What a firm of a plain sector calls itself, by language."""
    return {row.pop("sector"): row for row in rows("trades")}


@cache
def topics() -> tuple[Topic, ...]:
    return tuple(
        Topic(
            row["topic"],
            row["kind"],
            tuple(row["codes"].split()),
            tuple(row["purposes"].split()),
            row["policy"],
            (float(row["usd_low"]), float(row["usd_high"])),
            frozenset(row["sectors"].split()),
        )
        for row in rows("topics")
    )


@cache
def need_words() -> Mapping[tuple[str, str], tuple[Words, ...]]:
    """Wordings of needs by topic and language; they may hold {place}, {staff} and {years}."""
    return _words("needs", "topic")


def wordings(topic: str, lang: str) -> tuple[str, tuple[Words, ...]]:
    """How firms put a topic in this language, in English where nobody has; with the language."""
    found = need_words()
    lang = lang if (topic, lang) in found else "en"
    return lang, found[topic, lang]


@cache
def product_words() -> Mapping[tuple[str, str], tuple[Words, ...]]:
    return _words("product_texts", "product")


def _words(name: str, key: str) -> Mapping[tuple[str, str], tuple[Words, ...]]:
    found: dict[tuple[str, str], list[Words]] = defaultdict(list)
    for row in rows(name):
        found[row[key], row["lang"]].append(Words(row["title"], row["text"]))
    return {at: tuple(words) for at, words in found.items()}


@cache
def sentences(kind: str, lang: str) -> tuple[str, ...]:
    """Sentences of a kind: closings of needs, messages of either side, abouts."""
    found = tuple(
        row["text"] for row in rows("sentences") if (row["kind"], row["lang"]) == (kind, lang)
    )
    return found or sentences(kind, "en")


@cache
def products() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(
        (_DATA / "products.json").read_text(encoding="utf-8")
    )
    return found


@cache
def offerers(name: str) -> tuple[Offerer, ...]:
    return tuple(
        Offerer(
            row["country"],
            row["kind"],
            row["lang"],
            row["own"],
            row["latin"],
            tuple(row["products"].split()),
        )
        for row in rows(name)
    )


def place_words(province: str, lang: str) -> str:
    """The province as somebody who writes in this language names it."""
    if lang == LANGUAGE_OF[province[:2]]:
        return next(place.own for place in place_list() if place.province == province)
    return places.label(places.current(province), lang)
