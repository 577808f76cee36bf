"""What a link in a mail opens, and the code on a printed sheet. Opening alone changes nothing."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts import limits
from matchmaker.accounts.forms import ConfirmPasswordForm, NewPasswordForm, PrintedCodeForm
from matchmaker.accounts.models import Account, AccountCode, CodeKind, SignUp
from matchmaker.accounts.services import codes, doors, passwords, sessions, settings, sign_up
from matchmaker.accounts.services.doors import Credentials
from matchmaker.accounts.views import entry, second_step
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web.access import public


@bp.route("/link", methods=["GET", "POST"], defaults={"token": ""})
@bp.route("/link/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    if not token:
        return _printed()
    kind, public_id = codes.read_token(token) or ("", "")
    with entry.reading_session() as own:
        claim = sign_up.find_claim(own, public_id) if kind == codes.SIGN_UP_LINK else None
        code = codes.find(own, kind, public_id)
    if claim is not None:
        return _confirm(claim)
    if code is not None and code.kind is CodeKind.RESET:
        return _reset(code)
    if code is not None and code.kind is CodeKind.NEW_EMAIL:
        return _new_email(code)
    return make_response(render_template("accounts/link_ended.html"), 410)


def _confirm(claim: SignUp) -> ResponseReturnValue:
    """Asks for the password, so that nobody proves a stranger's sign-up by mistake."""
    form = ConfirmPasswordForm()
    if form.validate_on_submit():
        spent = limits.spend(limits.CHECK_PASSWORD, f"sign_up {claim.id}")
        found = Credentials(None, claim_id=claim.id, hashed=claim.password)
        if doors.right_password(claim.password, form.old_password.data):
            let_in = doors.let_in(db.session(), found, user_agent=entry.user_agent())
            if let_in is None:
                db.session.commit()
                return make_response(render_template("accounts/link_ended.html"), 410)
            spent_account = _enter(*let_in)
            spent.give_back()
            return spent_account
        form.old_password.errors = [_("This is not the password you chose when you signed up.")]
    html = render_template("accounts/confirm.html", form=form, address=claim.identity)
    return make_response(html, 422 if form.errors else 200)


def _reset(code: AccountCode) -> ResponseReturnValue:
    form = NewPasswordForm()
    if not form.validate_on_submit():
        html = render_template("accounts/new_password.html", form=form)
        return make_response(html, 422 if form.errors else 200)
    limits.spend(limits.PRINTED_CODE, f"account {code.account_id}")
    hashed = passwords.hash(form.password.data)
    return _with_new_password(code, hashed) or make_response(
        render_template("accounts/link_ended.html"), 410
    )


def _new_email(code: AccountCode) -> ResponseReturnValue:
    form = ConfirmPasswordForm()
    if form.validate_on_submit():
        spent = limits.spend(limits.CHECK_PASSWORD, f"account {code.account_id}")
        with entry.reading_session() as own:
            hashed = own.get_one(Account, code.account_id).password
        if doors.right_password(hashed, form.old_password.data):
            done = codes.use(db.session(), code.id) and settings.take_email(db.session(), code)
            db.session.commit()
            spent.give_back()
            page = "accounts/email_changed.html" if done else "accounts/link_ended.html"
            return make_response(render_template(page), 200 if done else 410)
        form.old_password.errors = [_("This is not your password.")]
    html = render_template("accounts/confirm.html", form=form, address=code.email)
    return make_response(html, 422 if form.errors else 200)


def _printed() -> ResponseReturnValue:
    form = PrintedCodeForm()
    if form.validate_on_submit():
        found = entry.look_up(form.identity.data)
        spent = limits.spend(limits.PRINTED_CODE, entry.who(found, form.identity.data))
        hashed = passwords.hash(form.password.data)
        with entry.reading_session() as own:
            code = codes.find_printed(own, found.account_id, form.code.data)
        response = _with_new_password(code, hashed) if code is not None else None
        if response is not None:
            spent.give_back()
            return response
        form.form_errors.append(
            _(
                "This does not fit together. Codes work once and for 14 days; ask for a new sheet"
                " if yours is older."
            )
        )
    html = render_template("accounts/printed_code.html", form=form)
    return make_response(html, 422 if form.errors else 200)


def _with_new_password(code: AccountCode, hashed: str) -> ResponseReturnValue | None:
    """Use the code up, set the password and let the person in; None when it is used already."""
    account = db.session.get(Account, code.account_id)
    if account is None or not account.active or not codes.use(db.session(), code.id):
        db.session.rollback()
        return None
    doors.set_password(db.session(), account, hashed)
    if code.kind is CodeKind.RESET and account.confirmed_at is None:
        account.confirmed_at = code.created_at
    token = sessions.begin(db.session(), account, user_agent=entry.user_agent())
    return _enter(account, token)


def _enter(account: Account, token: str) -> ResponseReturnValue:
    db.session.commit()
    entry.start(token)
    if account.needs_second_factor:
        return second_step.show(account, None, None)
    return entry.go_on(account, None, None)
