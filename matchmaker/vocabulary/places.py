"""Countries and provinces; province codes that have ended lead to the one in force."""

from functools import cache

from matchmaker.vocabulary.codes import CodeList, rows

COUNTRIES = CodeList("iso3166-1", "countries")
PROVINCES = CodeList("iso3166-2", "provinces")


def current(code: str) -> str:
    """Give the province that a code means today (Ha Giang is Tuyen Quang since July 2025)."""
    found = PROVINCES.get(code)
    while found is not None and "successor" in found.extra:
        code = found.extra["successor"]
        found = PROVINCES.get(code)
    return code


def country_of(code: str) -> str:
    """Give the country of a province, or of itself: `LA-LP` and `LA` are both in `LA`."""
    return code.partition("-")[0]


def provinces_of(country: str) -> list[str]:
    """Give the provinces of a country that are in force, in the order people know."""
    return [code.code for code in PROVINCES if code.parent == country and code.in_force(None)]


def label(code: str, locale: str) -> str:
    """Give the words for a country or a province."""
    return (PROVINCES if "-" in code else COUNTRIES).label(code, locale)


def distance(a: str, b: str) -> float:
    """Measure two places, countries or provinces, each taken as what it is today."""
    return PROVINCES.distance(current(a), current(b))


def corridors(code: str) -> frozenset[str]:
    """Give the economic corridors that pass through a province; a country as a whole has none."""
    return _corridors().get(current(code), frozenset())


@cache
def _corridors() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("corridors"):
        for province in row["provinces"].split():
            found.setdefault(province, set()).add(row["code"])
    return {province: frozenset(codes) for province, codes in found.items()}


@cache
def tiles(country: str) -> dict[str, tuple[int, int]]:
    """Give (column, row) on the country's tile map, north on top, for provinces in force."""
    found = {}
    for code in PROVINCES:
        if code.parent == country and code.in_force(None) and "column" in code.extra:
            found[code.code] = (int(code.extra["column"]), int(code.extra["row"]))
    return found
