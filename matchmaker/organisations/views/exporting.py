"""Organisations as a file, for staff within their scope."""

from __future__ import annotations

import io

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from matchmaker import audit
from matchmaker.accounts.access import current_account, has_role, scope_of
from matchmaker.accounts.models import StaffRole
from matchmaker.extensions import clock, db
from matchmaker.organisations.exporting import files, rows
from matchmaker.organisations.forms.importing import ExportForm
from matchmaker.organisations.views.blueprint import UNPROCESSABLE, bp
from matchmaker.organisations.views.importing import TYPES
from matchmaker.web.access import staff


@bp.route("/export", methods=["GET", "POST"])
@staff("officer")
def export() -> ResponseReturnValue:
    """A post, because who took the data out is written down."""
    account = current_account()
    scope = scope_of(account)
    private = has_role(account, StaffRole.ADMIN) and scope.everything
    form = ExportForm(data={"ending": "xlsx"})
    if not form.validate_on_submit():
        page = render_template("organisations/export.html", form=form, private=private)
        return page, UNPROCESSABLE if form.errors else 200
    ending = str(form.ending.data)
    found = list(rows.table(db.session(), scope, private=private))
    audit.record(
        db.session(),
        "organisations.exported",
        account_id=account.id,
        subject="export",
        subject_id=None,
        code="private" if private else "",
    )
    db.session.commit()
    made = files.to_csv(found) if ending == "csv" else files.to_xlsx([("organisations", found)])
    name = f"organisations-{clock.today().isoformat()}.{ending}"
    return send_file(io.BytesIO(made), TYPES[ending], as_attachment=True, download_name=name)
