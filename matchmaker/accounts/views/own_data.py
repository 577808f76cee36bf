"""A copy of all that we hold about a person, and taking it all away."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts import devices, loader
from matchmaker.accounts.access import current_account
from matchmaker.accounts.forms import EraseForm
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import privacy
from matchmaker.accounts.views.blueprint import bp
from matchmaker.accounts.views.settings import check_password
from matchmaker.extensions import clock, db
from matchmaker.web import htmx
from matchmaker.web.access import signed_in


@bp.post("/settings/export")
@signed_in
def export() -> ResponseReturnValue:
    text = privacy.export(db.session(), current_account())
    db.session.commit()
    name = f"my-data-{clock.today().isoformat()}.json"
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.route("/settings/erase", methods=["GET", "POST"])
@signed_in
def erase() -> ResponseReturnValue:
    form = EraseForm()
    if form.validate_on_submit():
        account_id, right = check_password(form.old_password.data)
        if right:
            return _erased(account_id)
        form.old_password.errors = [_("This is not your password.")]
    html = render_template("accounts/erase.html", form=form)
    return make_response(html, 422 if form.errors else 200)


def _erased(account_id: int) -> ResponseReturnValue:
    privacy.erase(db.session(), db.session.get_one(Account, account_id), by_id=account_id)
    db.session.commit()
    session.clear()
    loader.forget_current()
    flash(_("Your account and all we held about you are gone."), "success")
    response = htmx.redirect(url_for("home.index"))
    # Not the cookies: the goodbye comes with one of them, and nothing else is left in that one.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    devices.forget(response)
    return response
