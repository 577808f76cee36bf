"""Codes of rows as records carry them: complete, as they count today, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matchmaker.vocabulary.places import current


def full_code(code: str) -> str:
    """The code as it counts today: an ended province is the one it was merged into."""
    scheme, _, bare = code.partition(":")
    return f"{scheme}:{current(bare)}" if scheme == "iso3166-2" else code


def merge(into: dict[str, list[str]], attributes: Mapping[str, Iterable[str]]) -> None:
    """Add codes kept from an import, of whatever scheme, after those entered here."""
    for facet, codes in attributes.items():
        into.setdefault(facet, []).extend(full_code(str(code)) for code in codes)


def unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
