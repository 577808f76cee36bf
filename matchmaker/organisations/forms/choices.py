"""Choices that are put together from several lists of the vocabulary."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.vocabulary import places, sectors
from matchmaker.vocabulary.impact import IRIS, SDG, TWO_X


def impact_aims(language: str) -> list[tuple[str, str]]:
    """Goals, IRIS+ metrics and dimensions of the 2X criteria as scheme:code."""
    return [
        *((f"sdg:{aim.code}", f"{aim.code}. {aim.label(language)}") for aim in SDG),
        *((f"2x:{aim.code}", f"2X: {aim.label(language)}") for aim in TWO_X),
        *((f"iris:{aim.code}", f"{aim.label(language)} ({aim.code})") for aim in IRIS),
    ]


def impact_heading(code: str, _language: str) -> str:
    return {
        "sdg": _("Goals of the United Nations"),
        "2x": _("What it does for women (2X criteria)"),
        "iris": _("Figures that investors ask for (IRIS+)"),
    }[code.partition(":")[0]]


def countries_and_provinces(language: str) -> list[tuple[str, str]]:
    """Each country followed by its provinces."""
    found = []
    for country in places.COUNTRIES:
        name = country.label(language)
        found.append((country.code, _("All of %(country)s", country=name)))
        found += [
            (code, places.label(code, language)) for code in places.provinces_of(country.code)
        ]
    return found


def country_label(code: str, language: str) -> str:
    return places.label(places.country_of(code), language)


def sector_heading(code: str, _language: str) -> str:
    return _("Broad sectors") if len(code) == 1 else _("Kinds of business")


def sector_choices(language: str) -> list[tuple[str, str]]:
    """The broad sections of ISIC, then the plain words; all are ISIC codes."""
    sections = [
        (code, sectors.ISIC4.label(code, language)) for code in sectors.ISIC4.children(None)
    ]
    plain = {one.extra["isic"]: one.label(language) for one in reversed(list(sectors.PLAIN))}
    return sections + list(plain.items())[::-1]
