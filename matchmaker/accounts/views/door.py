"""Signing in and out."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from matchmaker.accounts import devices, kept, limits, loader
from matchmaker.accounts.forms import SignInForm
from matchmaker.accounts.services import doors, sessions
from matchmaker.accounts.views import entry, second_step
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web import htmx
from matchmaker.web.access import public, signed_in


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    half = loader.current_sign_in()
    if half is not None and sessions.is_half_open(half):
        return second_step.answer(half)
    if request.method == "GET" and current_user.is_authenticated:
        return htmx.redirect(kept.safe_next(request.args.get("next")) or url_for("home.index"))
    form = SignInForm()
    if form.validate_on_submit():
        return _try(form)
    if request.method == "GET":
        form.next.data = kept.safe_next(request.args.get("next")) or ""
        form.kept.data = kept.take_aside()
    return page(form)


def page(form: SignInForm, status: int | None = None) -> ResponseReturnValue:
    held = kept.load(form.kept.data)
    html = render_template("accounts/sign_in.html", form=form, kept=held)
    return make_response(html, status or (422 if form.errors else 200))


def _try(form: SignInForm) -> ResponseReturnValue:
    typed = form.identity.data
    found = entry.look_up(typed)
    device = devices.known(found.public_id, found.hashed)
    spent = limits.spend(limits.SIGN_IN, entry.who(found, typed), known_device=device)
    right = doors.right_password(found.hashed, form.password.data)
    let_in = doors.let_in(db.session(), found, user_agent=entry.user_agent()) if right else None
    if let_in is None:
        db.session.rollback()
        form.form_errors.append(
            _(
                "This does not fit together. Look at both answers again. If you signed up with an"
                " e-mail address, open the link in our mail first."
            )
        )
        return page(form, 422)
    account, token = let_in
    _end_old()
    db.session.commit()
    spent.give_back()
    entry.start(token)
    if account.needs_second_factor:
        return second_step.show(account, form.next.data, form.kept.data)
    return entry.go_on(account, form.next.data, form.kept.data)


def _end_old() -> None:
    """A session that this browser still had is not left behind."""
    old = session.get(loader.TOKEN)
    if isinstance(old, str):
        sessions.end(db.session(), old)


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    _end_old()
    doors.note(db.session(), current_user, "accounts.signed_out")
    db.session.commit()
    session.clear()
    loader.forget_current()
    flash(_("You are signed out."), "ok")
    response = htmx.redirect(url_for("home.index"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
