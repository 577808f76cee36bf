"""Switching the second factor on and off, and its recovery codes."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts import limits
from matchmaker.accounts.access import current_account
from matchmaker.accounts.forms import CodeForm, ConfirmPasswordForm
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import second_factor as factors
from matchmaker.accounts.services import sessions
from matchmaker.accounts.views.blueprint import bp
from matchmaker.accounts.views.second_step import ENROLLING
from matchmaker.accounts.views.settings import check_password, restart
from matchmaker.extensions import db
from matchmaker.web import htmx
from matchmaker.web.access import signed_in


@bp.get("/settings/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    return render_template(
        "accounts/second_factor.html",
        account=current_account(),
        form=ConfirmPasswordForm(),
    )


@bp.route("/settings/second-factor/on", methods=["GET", "POST"])
@signed_in
def second_factor_on() -> ResponseReturnValue:
    account = current_account()
    if account.tf_totp_secret:
        return htmx.redirect(url_for("accounts.second_factor"))
    secret = session.setdefault(ENROLLING, factors.new_secret())
    form = CodeForm()
    if form.validate_on_submit():
        account_id = account.id
        limits.spend(limits.SECOND_FACTOR, f"account {account_id}")
        account = db.session.get_one(Account, account_id)
        if factors.check(db.session(), account, form.code.data, secret):
            return _switched_on(account, secret)
        form.code.errors = [_("This code does not fit. Wait for the next one.")]
    html = render_template(
        "accounts/enrol.html",
        form=form,
        key=factors.key_of(secret),
        picture=factors.picture_of(account, secret),
        action=url_for("accounts.second_factor_on"),
        may_start_over=False,
    )
    return make_response(html, 422 if form.errors else 200)


def _switched_on(account: Account, secret: str) -> ResponseReturnValue:
    codes = factors.enrol(db.session(), account, secret)
    sessions.end_all(db.session(), account.id)
    restart(account)
    return render_template(
        "accounts/recovery_codes.html", codes=codes, next_url=url_for("accounts.second_factor")
    )


@bp.post("/settings/second-factor/off")
@signed_in
def second_factor_off() -> ResponseReturnValue:
    if current_account().is_staff:
        abort(403)
    account_id, problem = _password_given()
    if problem is not None:
        return problem
    account = db.session.get_one(Account, account_id)
    factors.remove(db.session(), account)
    restart(account)
    flash(_("Signing in no longer asks for a code."), "success")
    return htmx.redirect(url_for("accounts.second_factor"))


@bp.post("/settings/second-factor/recovery-codes")
@signed_in
def new_recovery_codes() -> ResponseReturnValue:
    if not current_account().tf_totp_secret:
        abort(404)
    account_id, problem = _password_given()
    if problem is not None:
        return problem
    codes = factors.new_recovery_codes(db.session(), db.session.get_one(Account, account_id))
    db.session.commit()
    return render_template(
        "accounts/recovery_codes.html", codes=codes, next_url=url_for("accounts.second_factor")
    )


def _password_given() -> tuple[int, ResponseReturnValue | None]:
    """The account's id, and the page to show instead when the password is missing or wrong."""
    form = ConfirmPasswordForm()
    account_id = current_account().id
    if form.validate_on_submit():
        account_id, right = check_password(form.old_password.data)
        if right:
            return account_id, None
        form.old_password.errors = [_("This is not your password.")]
    html = render_template(
        "accounts/second_factor.html", account=db.session.get_one(Account, account_id), form=form
    )
    return account_id, make_response(html, 422)
