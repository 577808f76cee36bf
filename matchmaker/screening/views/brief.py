"""One firm on one sheet: to print from the browser, or as PDF where that can be made."""

from __future__ import annotations

from pathlib import Path

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.screening.access import own_desk
from matchmaker.screening.brief_words import Brief, brief_of
from matchmaker.screening.services import comparing
from matchmaker.screening.views.blueprint import bp
from matchmaker.suggestions import afterwards
from matchmaker.web import pdf
from matchmaker.web.access import signed_in

log = structlog.get_logger()


@bp.get("/<public_id>/brief/<offer_id>/<need_id>")
@signed_in
def brief(public_id: str, offer_id: str, need_id: str) -> ResponseReturnValue:
    page = render_template(
        "screening/brief.html",
        brief=_brief(public_id, offer_id, need_id),
        pdf_url=url_for(".brief_pdf", public_id=public_id, offer_id=offer_id, need_id=need_id)
        if pdf.installed()
        else None,
        back_url=url_for(".compare", public_id=public_id, offer=offer_id, need=need_id),
    )
    response = make_response(page)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response.call_on_close(lambda: _warm_up(app))
    return response


def _warm_up(app: Flask) -> None:
    """While the sheet is read on the screen, the engine of its PDF is loaded."""
    with app.app_context():
        pdf.warm_up()


@bp.get("/<public_id>/brief/<offer_id>/<need_id>.pdf")
@signed_in
def brief_pdf(public_id: str, offer_id: str, need_id: str) -> ResponseReturnValue:
    """Made while the reader waits: a sheet takes a fraction of a second."""
    made = _brief(public_id, offer_id, need_id)
    page = render_template("screening/brief_pdf.html", brief=made)
    # What the page says is read; setting it holds no transaction.
    db.session.rollback()
    try:
        data = pdf.as_pdf(page, _sheet("brief.css"), _sheet("brief-tight.css"))
    except pdf.CannotSetError as error:
        log.info("brief_not_set", reason=type(error).__name__)
        flash(_("The PDF could not be made here. Print this page from your browser."), "error")
        url = url_for(".brief", public_id=public_id, offer_id=offer_id, need_id=need_id)
        return redirect(url, 303)
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="brief-{need_id}.pdf"'
    return response


def _brief(public_id: str, offer_id: str, need_id: str) -> Brief:
    organisation = own_desk(public_id)
    offer = comparing.offer_of(db.session(), organisation, offer_id) or abort(404)
    firms = comparing.firms_of(db.session(), offer, [need_id])
    if not firms:
        abort(404)
    afterwards.name_version(firms[0].found.version)
    account = current_account()
    return brief_of(firms[0], offer, organisation, account.name or account.identity or "")


def _sheet(name: str) -> str:
    return (Path(str(current_app.static_folder)) / "css" / name).read_text("utf-8")
