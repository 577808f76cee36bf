"""The second step of signing in: a code, or for staff without one yet, setting it up."""

from __future__ import annotations

from flask import make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts import kept, limits, loader
from matchmaker.accounts.forms import CodeForm
from matchmaker.accounts.models import Account, SignIn
from matchmaker.accounts.services import doors, second_factor, sessions
from matchmaker.accounts.views import entry
from matchmaker.extensions import db
from matchmaker.web import htmx

ENROLLING = "enrolling"


def answer(half: SignIn) -> ResponseReturnValue:
    """`/sign-in` while the password was right and the second factor is still to come."""
    account = db.session.get_one(Account, half.account_id)
    if request.method == "GET":
        return show(account, request.args.get("next"), "")
    if "start_over" in request.form:
        return _start_over()
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form, account)
    return _try(form, account)


def show(account: Account, next_url: str | None, kept_text: str | None) -> ResponseReturnValue:
    form = CodeForm(formdata=None)
    form.next.data, form.kept.data = kept.safe_next(next_url) or "", kept_text or ""
    return _page(form, account)


def _try(form: CodeForm, account: Account) -> ResponseReturnValue:
    account_id = account.id
    spent = limits.spend(limits.SECOND_FACTOR, f"account {account_id}")
    account = db.session.get_one(Account, account_id)
    secret = session.get(ENROLLING) if not account.tf_totp_secret else None
    if not second_factor.check(db.session(), account, form.code.data, secret):
        db.session.rollback()
        form.code.errors = [_("This code does not fit, or was used. Wait for the next one.")]
        return _page(form, db.session.get_one(Account, account_id))
    codes = second_factor.enrol(db.session(), account, secret) if secret else None
    sessions.end(db.session(), session[loader.TOKEN])
    token = sessions.begin(db.session(), account, user_agent=entry.user_agent(), second_factor=True)
    doors.note(db.session(), account)
    db.session.commit()
    spent.give_back()
    entry.start(token)
    if codes:
        next_url = kept.safe_next(form.next.data) or url_for("home.index")
        return render_template("accounts/recovery_codes.html", codes=codes, next_url=next_url)
    return entry.go_on(account, form.next.data, form.kept.data)


def _page(form: CodeForm, account: Account) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    if account.tf_totp_secret:
        return make_response(render_template("accounts/second_step.html", form=form), status)
    secret = session.setdefault(ENROLLING, second_factor.new_secret())
    html = render_template(
        "accounts/enrol.html",
        form=form,
        key=second_factor.key_of(secret),
        picture=second_factor.picture_of(account, secret),
        action=url_for("accounts.sign_in"),
        may_start_over=True,
    )
    return make_response(html, status)


def _start_over() -> ResponseReturnValue:
    sessions.end(db.session(), session[loader.TOKEN])
    db.session.commit()
    session.clear()
    return htmx.redirect(url_for("accounts.sign_in"))
