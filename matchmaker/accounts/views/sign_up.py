"""Signing up."""

from __future__ import annotations

from flask import make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from matchmaker.accounts import limits
from matchmaker.accounts.forms import SignUpForm
from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import passwords
from matchmaker.accounts.services import sign_up as claims
from matchmaker.accounts.services.identities import EMAIL
from matchmaker.accounts.views import wording
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web.access import public
from matchmaker.web.locale import locale_code


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        return _claim(form)
    html = render_template("accounts/sign_up.html", form=form, english=wording.english_consents())
    return make_response(html, 422 if form.errors else 200)


def _claim(form: SignUpForm) -> ResponseReturnValue:
    identity = form.identity.parsed
    limits.spend(limits.SIGN_UP, f"{identity.kind} {identity.value}")
    hashed = passwords.hash(form.password.data)
    claims.claim(
        db.session(),
        identity,
        name=form.name.data or "",
        hashed_password=hashed,
        language=locale_code(),
        purposes=tuple(purpose for purpose in Purpose if getattr(form, purpose).data),
    )
    db.session.commit()
    return make_response(
        render_template(
            "accounts/signed_up.html",
            by_mail=identity.kind == EMAIL,
            shown=form.identity.data,
            sign_in_url=url_for("accounts.sign_in"),
        )
    )
