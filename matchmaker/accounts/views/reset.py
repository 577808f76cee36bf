"""Asking for a new password."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from matchmaker import jobs
from matchmaker.accounts import limits
from matchmaker.accounts.forms import ResetForm
from matchmaker.accounts.views import entry
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web.access import public


@bp.route("/reset-password", methods=["GET", "POST"])
@public
def reset_password() -> ResponseReturnValue:
    form = ResetForm()
    if not form.validate_on_submit():
        html = render_template("accounts/reset_password.html", form=form)
        return make_response(html, 422 if form.errors else 200)
    found = entry.look_up(form.identity.data)
    limits.spend(limits.RESET, entry.who(found, form.identity.data))
    # A job looks whether there is a mail to write: here all identities are treated alike.
    jobs.enqueue(db.session(), "accounts.reset", whom=found.account_id or 0)
    db.session.commit()
    return render_template("accounts/reset_asked.html")
