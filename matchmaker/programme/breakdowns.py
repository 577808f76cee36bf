"""The tables of the statistics page, from the numbers that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from matchmaker.organisations.models import Organisation
from matchmaker.programme import words
from matchmaker.programme.models import DIFFER
from matchmaker.programme.services.rollups.cells import NO_POINTS
from matchmaker.programme.services.statistics.reading import Numbers
from matchmaker.programme.services.statistics.totals import Counts
from matchmaker.programme.tables import Column, Row, Table
from matchmaker.vocabulary import places
from matchmaker.vocabulary.bands import BANDS
from matchmaker.vocabulary.codes import CodeList
from matchmaker.vocabulary.currencies import CURRENCIES
from matchmaker.vocabulary.ownership import WOMEN_BANDS
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web.filters import FIT_BANDS, ngettext, usd_band
from matchmaker.web.locale import locale_code

#: Rows of a table; the rest are summed up in one, so that the table still adds up.
MOST_ROWS = 20
#: Lists with an order of their own; the others go by number.
ORDERS: dict[str, CodeList] = {"size": SIZES, "women": WOMEN_BANDS}


def funnel(numbers: Numbers) -> Table:
    rows = [
        Row(
            words.step_label(step.name),
            (
                step.needs,
                None if step.before is None else (step.needs, step.before),
                None if step.before is None else (step.median, step.needs),
            ),
        )
        for step in numbers.steps
    ]
    columns = (
        Column(_("Needs"), bar="v"),
        Column(_("Of the step before"), "share"),
        Column(_("Half took at most"), "wait"),
    )
    return Table("funnel", _("From need to agreement"), _("Step"), columns, rows)


def breakdown(
    numbers: Numbers, dimension: str, title: str, head: str, names: Mapping[str, str] | None = None
) -> Table:
    found = numbers.totals.by.get(dimension, {})
    order = sorted(found, key=lambda value: _place(dimension, value, found[value]))
    kept = order if len(order) <= MOST_ROWS else order[: MOST_ROWS - 1]
    rows = [_row(dimension, value, found[value], names) for value in kept]
    rest = order[len(kept) :]
    if rest:
        label = ngettext("%(num)s more", "%(num)s more together", len(rest))
        rows.append(Row(label, _cells(_together(found[value] for value in rest))))
    total = None
    if dimension != "introducer":
        total = Row(_("All"), _cells(numbers.totals.all))
    return Table(f"by-{dimension}", title, head, _columns(), rows, total, none=_("Nothing yet."))


def breakdowns(numbers: Numbers, introducers: Mapping[int, Organisation]) -> list[Table]:
    names = {str(key): row.name for key, row in introducers.items()}
    return [
        breakdown(numbers, "country", _("By country"), _("Country")),
        breakdown(numbers, "section", _("By sector"), _("Sector")),
        breakdown(numbers, "code", _("By what is looked for"), _("Instrument or service")),
        breakdown(numbers, "size", _("By size"), _("Size class")),
        breakdown(numbers, "women", _("By share owned by women"), _("Share owned by women")),
        breakdown(numbers, "introducer", _("By who vouches for the firm"), _("Introducer"), names),
    ]


def seen(numbers: Numbers) -> Table:
    """Exposure: by groups, on how many offerers' lists a need stood, and what answers it got."""
    rows = [
        Row(
            words.value_label(dimension, value),
            (
                counts["needs"],
                (counts["seen_by"], counts["needs"]),
                (counts["replies"], counts["requests"]),
            ),
        )
        for dimension in ("women", "size", "lang")
        for value, counts in _ordered(dimension, numbers.totals.by.get(dimension, {}))
        if value
    ]
    columns = (
        Column(_("Needs")),
        Column(_("Offerers who saw each"), "mean"),
        Column(_("Answered, of all asked"), "share"),
    )
    note = _("Firms that did not say are left out.")
    return Table("seen", _("Who gets seen, and asked"), _("Group"), columns, rows, note=note)


def points(numbers: Numbers) -> Table:
    rows = []
    for band in (*FIT_BANDS, NO_POINTS):
        counts = numbers.points.get(band, Counts(Counter()))
        asked = counts["requests"]
        if band == NO_POINTS and not asked:
            continue
        shares = ((counts[name], asked) for name in ("replies", "yes", "meetings", "agreements"))
        rows.append(Row(words.band_label(band), (asked, *shares)))
    columns = (
        Column(_("Asked")),
        *(
            Column(label, "share")
            for label in (_("Answered"), _("Accepted"), _("Met each other"), _("Agreed"))
        ),
    )
    note = _(
        "Strong fits should be answered and agreed more often than weak ones."
        " If they are not, the weights need work."
    )
    title = _("Did the points mean anything?")
    return Table("points", title, _("Fit when asked"), columns, rows, note=note)


def amounts(numbers: Numbers) -> Table:
    """How many agreements lie in each band: a sum of bands' middles would only look exact."""
    found = numbers.amounts.by_band
    rows = [
        Row(usd_band(band), (found[band.key],)) for band in reversed(BANDS) if band.key in found
    ]
    for key, label in ((DIFFER, _("The two name different amounts")), ("", _("Not said"))):
        if key in found:
            rows.append(Row(label, (found[key],)))
    columns = (Column(_("Agreements"), bar="v"),)
    total = Row(_("All"), (sum(found.values()),))
    title, head = _("Agreements by amount"), _("Amount")
    return Table("amounts", title, head, columns, rows, total, none=_("Nothing yet."))


def exact_amounts(numbers: Numbers) -> Table:
    rows = [
        Row(CURRENCIES.label(currency, locale_code()), (number, (minor, currency, number)))
        for currency, (number, minor) in sorted(numbers.amounts.exact.items())
    ]
    columns = (Column(_("Agreements")), Column(_("Their sum"), "sum"))
    note = _("Only amounts that both sides name exactly alike; a sum is shown from 5 on.")
    title, head = _("Exact amounts agreed on"), _("Currency")
    return Table("exact-amounts", title, head, columns, rows, note=note, none=_("Nothing yet."))


def tiles(numbers: Numbers, country: str) -> list[dict[str, Any]]:
    """The provinces of a country with their needs; the table beside has the same numbers."""
    found = numbers.totals.by.get("province", {})
    rows = sorted(found, key=lambda value: _place("province", value, found[value]))
    listed = set(rows if len(rows) <= MOST_ROWS else rows[: MOST_ROWS - 1])
    return [
        {
            "code": code.partition("-")[2],
            "label": words.value_label("province", code),
            "col": column,
            "row": row,
            "value": found[code]["needs"] if code in found else None,
            "url": f"#province-{code}" if code in listed else None,
        }
        for code, (column, row) in places.tiles(country).items()
    ]


def limits(tiles: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Round numbers that cut the range in three."""
    largest = max((tile["value"] or 0 for tile in tiles), default=0)
    first = max(round_up(largest / 3), 1)
    return first, max(round_up(2 * largest / 3), first + 1)


def round_up(value: float) -> int:
    step = 1 if value < 10 else 5 if value < 100 else 50
    return -int(-value // step) * step


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Needs"), bar="v"),
        Column(_("Asked about"), "share"),
        Column(_("Answered"), "share"),
        Column(_("Agreed")),
        Column(_("Half the answers within"), "wait"),
    )


def _cells(counts: Counts) -> tuple[Any, ...]:
    needs = counts["needs"]
    return (
        needs,
        (counts["asked"], needs),
        (counts["answered"], needs),
        counts["agreed"],
        (counts.median_reply, counts["replies"]),
    )


def _row(dimension: str, value: str, counts: Counts, names: Mapping[str, str] | None) -> Row:
    label = (
        names.get(value, _("No longer an introducer"))
        if names is not None
        else words.value_label(dimension, value)
    )
    return Row(label, _cells(counts), id=f"{dimension}-{value or 'unsaid'}".replace(":", "-"))


def _ordered(dimension: str, found: Mapping[str, Counts]) -> list[tuple[str, Counts]]:
    return sorted(found.items(), key=lambda item: _place(dimension, *item))


def _place(dimension: str, value: str, counts: Counts) -> tuple[int, int, str]:
    order = ORDERS[dimension].codes() if dimension in ORDERS else []
    if order:
        return (order.index(value) if value in order else len(order), 0, value)
    return (not value or value.endswith(":"), -counts["needs"], value)


def _together(rows: Iterable[Counts]) -> Counts:
    added: Counter[str] = Counter()
    for counts in rows:
        added.update(counts.of)
    return Counts(added)
