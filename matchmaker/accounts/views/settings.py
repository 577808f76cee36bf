"""One's own account: name and language, password, sign-ins, consents."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts import devices, limits, loader
from matchmaker.accounts.access import current_account
from matchmaker.accounts.forms import ChangePasswordForm, EmailForm, SettingsForm
from matchmaker.accounts.models import Account, Purpose
from matchmaker.accounts.services import consents, doors, passwords, sessions, settings
from matchmaker.accounts.views import entry, wording
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web import htmx
from matchmaker.web.access import signed_in
from matchmaker.web.locale import COOKIE, YEAR, locale_code


@bp.route("/settings", methods=["GET", "POST"], endpoint="settings")
@signed_in
def account_settings() -> ResponseReturnValue:
    account = current_account()
    form = SettingsForm(obj=account)
    if form.validate_on_submit():
        settings.update(db.session(), account, **form.values())
        db.session.commit()
        flash(_("Saved."), "success")
        response = htmx.redirect(url_for("accounts.settings"))
        # What was chosen here goes before what a link in the footer chose earlier.
        response.set_cookie(
            COOKIE,
            account.language,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
        return response
    html = render_template("accounts/settings.html", form=form, account=account)
    return make_response(html, 422 if form.errors else 200)


@bp.route("/settings/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        account_id, right = check_password(form.old_password.data)
        if right:
            return _changed(account_id, form.password.data)
        form.old_password.errors = [_("This is not your password now.")]
    html = render_template("accounts/change_password.html", form=form)
    return make_response(html, 422 if form.errors else 200)


def check_password(typed: str) -> tuple[int, bool]:
    """Whether it is the current account's; rows are read anew after it, hashing holds no lock."""
    account = current_account()
    account_id, hashed = account.id, account.password
    spent = limits.spend(limits.CHECK_PASSWORD, f"account {account_id}")
    right = doors.right_password(hashed, typed)
    if right:
        spent.give_back()
    return account_id, right


def _changed(account_id: int, password: str) -> ResponseReturnValue:
    hashed = passwords.hash(password)
    account = db.session.get_one(Account, account_id)
    doors.set_password(db.session(), account, hashed)
    restart(account)
    flash(_("Your new password is set. All other devices are signed out."), "success")
    response = htmx.redirect(url_for("accounts.settings"))
    devices.remember(response, account)
    return response


def restart(account: Account) -> None:
    """A new session in place of the present one, since what the account may do changed; commits."""
    old = session.get(loader.TOKEN)
    if isinstance(old, str):
        sessions.end(db.session(), old)
    token = sessions.begin(
        db.session(),
        account,
        user_agent=entry.user_agent(),
        second_factor=account.needs_second_factor,
    )
    db.session.commit()
    entry.start(token)


@bp.get("/settings/sign-ins")
@signed_in
def sign_ins() -> ResponseReturnValue:
    here = loader.current_sign_in()
    rows = sessions.live_ones(db.session(), current_account().id)
    return render_template("accounts/sign_ins.html", rows=rows, here_id=here.id if here else 0)


@bp.post("/settings/sign-ins/<string:public_id>/end")
@signed_in
def end_sign_in(public_id: str) -> ResponseReturnValue:
    if not sessions.end_one(db.session(), current_account().id, public_id):
        abort(404)
    db.session.commit()
    flash(_("That device is signed out."), "success")
    return htmx.redirect(url_for("accounts.sign_ins"))


@bp.post("/settings/sign-ins/end-others")
@signed_in
def end_other_sign_ins() -> ResponseReturnValue:
    here = loader.current_sign_in()
    sessions.end_all(db.session(), current_account().id, but=here.id if here else None)
    db.session.commit()
    flash(_("All other devices are signed out."), "success")
    return htmx.redirect(url_for("accounts.sign_ins"))


@bp.route("/settings/email", methods=["GET", "POST"])
@signed_in
def change_email() -> ResponseReturnValue:
    form = EmailForm()
    if form.validate_on_submit():
        account_id, right = check_password(form.old_password.data)
        if right:
            account = db.session.get_one(Account, account_id)
            address = form.identity.parsed
            settings.ask_email(db.session(), account, address.value)
            db.session.commit()
            flash(
                _("We sent a mail to %(address)s. Open the link in it.", address=address.value),
                "ok",
            )
            return htmx.redirect(url_for("accounts.settings"))
        form.old_password.errors = [_("This is not your password.")]
    html = render_template("accounts/change_email.html", form=form)
    return make_response(html, 422 if form.errors else 200)


@bp.get("/settings/consents")
@signed_in
def consent_list() -> ResponseReturnValue:
    held = {row.purpose: row for row in consents.current(db.session(), current_account().id)}
    return render_template(
        "accounts/consents.html",
        held=held,
        words=wording.consent_words(),
        english=wording.english_consents(),
        needed=consents.NEEDED,
        days={one: date.fromisoformat(row.version) for one, row in held.items()},
    )


@bp.post("/settings/consents/<string:purpose>/<any(give, withdraw):step>")
@signed_in
def change_consent(purpose: str, step: str) -> ResponseReturnValue:
    if purpose not in set(Purpose):
        abort(404)
    chosen, account = Purpose(purpose), current_account()
    if step == "give":
        consents.give(db.session(), account.id, [chosen], language=locale_code())
    elif chosen in consents.NEEDED:
        # No account without these: the way to withdraw them is to erase it.
        return htmx.redirect(url_for("accounts.erase"))
    else:
        consents.withdraw(db.session(), account.id, chosen)
    db.session.commit()
    flash(_("Saved."), "success")
    return htmx.redirect(url_for("accounts.consent_list"))
