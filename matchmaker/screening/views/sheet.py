"""A saved view as a file: how much of the day it takes is said first."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.extensions import clock, db, transactions
from matchmaker.organisations.exporting import files
from matchmaker.organisations.views.blueprint import OK, UNPROCESSABLE
from matchmaker.organisations.views.importing import TYPES
from matchmaker.screening.firm_rows import firm_row
from matchmaker.screening.models import SavedView
from matchmaker.screening.services import saved_views as keeping
from matchmaker.screening.services import sheets
from matchmaker.screening.sheet_words import sheet_rows
from matchmaker.screening.view_forms import FirmsForm, SheetForm
from matchmaker.screening.views.blueprint import bp
from matchmaker.screening.views.firms import own_view
from matchmaker.screening.views.saved_views import table_words
from matchmaker.suggestions.looked_enough import not_published
from matchmaker.suggestions.services.listed import Listed
from matchmaker.suggestions.services.ranking import first_of
from matchmaker.web.access import signed_in
from matchmaker.web.filters import number


@bp.route("/<public_id>/views/<view_id>/sheet", methods=["GET", "POST"])
@signed_in
def view_sheet(public_id: str, view_id: str) -> ResponseReturnValue:
    """A post, because who took it is written down, and its firms count as looked at."""
    view, account_id = own_view(public_id, view_id), current_account().id
    if not view.organisation.is_published:
        return not_published(view.organisation)
    form = SheetForm(data={"rows": str(sheets.SIZES[0]), "ending": "xlsx"})
    if not form.validate_on_submit():
        return _page(view, account_id, form)
    # Ranked beside this transaction: what writes waits for nothing slow.
    db.session.rollback()
    with transactions.reading_session(db.engine) as reading:
        version, listed, rows = _ranked(reading, view_id, int(str(form.rows.data)))
    view = own_view(public_id, view_id)
    try:
        sheets.count(db.session(), view, account_id, version, listed)
    except sheets.SheetTooLongError as error:
        form.rows.errors = [_too_long(error.left)]
        return _page(view, account_id, form)
    db.session.commit()
    return _file(rows, str(form.ending.data))


def _ranked(
    reading: Any, view_id: str, most: int
) -> tuple[int, list[Listed], list[list[str | int]]]:
    """What the sheet holds, worded while its rows are there to be read."""
    view = reading.execute(keeping.view_by(view_id)).unique().scalar_one()
    kept = FirmsForm.saved(view)
    shown = kept.wanted_columns
    version, listed = first_of(reading, view.offer, kept.filters(), most, kept.wanted_order.value)
    rows = [firm_row(one, shown) for one in listed]
    return version, listed, list(sheet_rows(rows, shown))


def _too_long(left: int) -> str:
    if left < sheets.SIZES[0]:
        return _("You have looked at nearly as many firms as a day allows. Come back tomorrow.")
    return _("Today you can look at %(left)s more firms. Take fewer.", left=number(left))


def _page(view: SavedView, account_id: int, form: SheetForm) -> ResponseReturnValue:
    page = render_template(
        "screening/view_sheet.html",
        organisation=view.organisation,
        view=view,
        form=form,
        table=table_words(FirmsForm.saved(view)),
        left=number(sheets.left_today(db.session(), view, account_id)),
    )
    return page, UNPROCESSABLE if form.errors else OK


def _file(rows: list[list[str | int]], ending: str) -> Response:
    made = files.to_csv(rows) if ending == "csv" else files.to_xlsx([("firms", rows)])
    name = f"firms-{clock.today().isoformat()}.{ending}"
    return send_file(io.BytesIO(made), TYPES[ending], as_attachment=True, download_name=name)
