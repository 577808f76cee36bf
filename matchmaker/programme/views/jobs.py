"""Background jobs: what failed, what runs, what waits."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.programme.services import work
from matchmaker.programme.views.blueprint import bp
from matchmaker.web import htmx
from matchmaker.web.access import staff


@bp.get("/programme/jobs")
@staff("officer")
def jobs() -> Response:
    return htmx.render(
        "programme/jobs.html",
        "programme/_job_list.html",
        failed=work.failed(db.session()),
        under_way=work.under_way(db.session()),
    )


@bp.post("/programme/jobs/<public_id>/again")
@staff("admin")
def job_again(public_id: str) -> ResponseReturnValue:
    job = work.find(db.session(), public_id) or abort(404)
    try:
        work.again(db.session(), job, current_account().id)
    except WrongState:
        db.session.rollback()
        flash(_("It runs or waits already."), "error")
    else:
        db.session.commit()
        flash(_("It will run again in a moment."), "success")
    return htmx.redirect(url_for(".jobs"))
