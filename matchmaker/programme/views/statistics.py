"""What was matched, and what was not: the page that a programme officer puts on a wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, current_app
from flask_babel import gettext as _

from matchmaker.accounts.access import StaffScope, current_account, scope_of
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Organisation
from matchmaker.programme import breakdowns, export, missing_tables, words
from matchmaker.programme.forms.selection import SelectionForm
from matchmaker.programme.services import waiting
from matchmaker.programme.services.statistics import missing, reading
from matchmaker.programme.services.statistics.missing import Gap, Lacking
from matchmaker.programme.services.statistics.reading import Numbers
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.programme.services.waiting import Waiting
from matchmaker.programme.tables import Table
from matchmaker.programme.views.blueprint import bp
from matchmaker.suggestions.services.pricing import reached
from matchmaker.vocabulary.places import country_of
from matchmaker.web.access import staff
from matchmaker.web.filters import on_day
from matchmaker.web.htmx import render

#: Requests in "who has waited longest".
LONGEST = 8


@bp.get("/programme")
@staff("viewer")
def statistics() -> Response:
    scope = scope_of(current_account())
    introducers = reading.introducers(db.session(), scope)
    form = _form(scope, introducers)
    chosen = form.selection(scope)
    numbers = reading.numbers(db.session(), chosen)
    lacking = missing.lacking(db.session(), chosen)
    return render(
        "programme/statistics.html",
        "programme/_numbers.html",
        form=form,
        numbers=numbers,
        sentences=_sentences(numbers, lacking.gaps, form.period_words()),
        waiting=_waiting(chosen),
        reach=_reach(),
        **_map(numbers, chosen),
        **_tables(numbers, lacking, chosen, introducers),
    )


@bp.get("/programme/numbers.csv")
@staff("viewer")
def numbers_csv() -> Response:
    title, tables = _leaving()
    return _file(export.to_csv(title, tables), "csv", "text/csv; charset=utf-8")


@bp.get("/programme/numbers.xlsx")
@staff("viewer")
def numbers_xlsx() -> Response:
    title, tables = _leaving()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(export.to_xlsx(title, tables), "xlsx", kind)


def _leaving() -> tuple[str, list[Table]]:
    """What is taken along: the tables of the page, without the people who wait."""
    scope = scope_of(current_account())
    introducers = reading.introducers(db.session(), scope)
    form = _form(scope, introducers)
    chosen = form.selection(scope)
    numbers = reading.numbers(db.session(), chosen)
    found = _tables(numbers, missing.lacking(db.session(), chosen), chosen, introducers)
    single = (
        *("funnel", "amounts", "exact_amounts", "provinces", "gaps", "levers"),
        *("unasked", "points", "seen"),
    )
    title = _(
        "%(period)s, counted on %(day)s, rounded to 5",
        period=form.period_words(),
        day=on_day(numbers.counted_at),
    )
    return title, [*(found[name] for name in single), *found["tables"]]


def _file(content: bytes, ending: str, kind: str) -> Response:
    name = f"matchmaker-{clock.today():%Y-%m-%d}.{ending}"
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _waiting(chosen: Selection) -> Sequence[Waiting]:
    """The one list that is read from raw rows: it is short, and people act on it."""
    conditions = waiting.conditions(chosen)
    return waiting.waiting(db.session(), *conditions, least=waiting.STUCK_AFTER, limit=LONGEST)


def _reach() -> dict[str, Any] | None:
    """How many firms somebody could have seen this month; it is of the whole programme."""
    found = reached(db.session())
    return {"of": found, "note": words.reach_note(found)} if found else None


def _form(scope: StaffScope, introducers: Mapping[int, Organisation]) -> SelectionForm:
    codes = reading.provinces_counted(db.session(), scope)
    provinces = sorted(
        ((code, words.value_label("province", code)) for code in codes), key=lambda pair: pair[1]
    )
    members = [(str(key), row.name) for key, row in introducers.items()]
    return SelectionForm(clock.today(), provinces, members)


def _tables(
    numbers: Numbers,
    lacking: Lacking,
    chosen: Selection,
    introducers: Mapping[int, Organisation],
) -> dict[str, Any]:
    return {
        "funnel": breakdowns.funnel(numbers),
        "provinces": breakdowns.breakdown(numbers, "province", _("By province"), _("Province")),
        "gaps": missing_tables.gaps(lacking.gaps),
        "levers": missing_tables.levers(lacking.levers),
        "unasked": missing_tables.unasked(missing.unasked(db.session(), chosen)),
        "tables": breakdowns.breakdowns(numbers, introducers),
        "points": breakdowns.points(numbers),
        "amounts": breakdowns.amounts(numbers),
        "exact_amounts": breakdowns.exact_amounts(numbers),
        "seen": breakdowns.seen(numbers),
    }


def _map(numbers: Numbers, chosen: Selection) -> dict[str, Any]:
    tiles = breakdowns.tiles(numbers, _map_country(chosen))
    return {"tiles": tiles, "limits": breakdowns.limits(tiles)}


def _map_country(chosen: Selection) -> str:
    """The country of what is looked at; the programme's own for all."""
    places = [chosen.province, *sorted(chosen.scope.provinces)]
    named = next((code for code in places if code), "")
    return country_of(named) if named else str(current_app.config["PROGRAMME_COUNTRY"])


def _sentences(numbers: Numbers, gaps: Sequence[Gap], period: str) -> list[str]:
    said = [words.first_sentence(numbers, period)]
    if numbers.largest_loss is not None:
        said.append(words.loss_sentence(numbers.largest_loss))
    if gaps:
        said.append(missing_tables.gap_sentence(gaps[0]))
    return said
