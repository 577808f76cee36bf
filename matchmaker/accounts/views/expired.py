"""A session that is gone: to signing in and back, with nothing typed lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from matchmaker.accounts import kept
from matchmaker.accounts.forms import SignInForm
from matchmaker.accounts.limits import TooOftenError
from matchmaker.accounts.services.passwords import BusyError
from matchmaker.extensions import db
from matchmaker.web import htmx
from matchmaker.web.access import access_of
from matchmaker.web.error_pages import error_page
from matchmaker.web.filters import ngettext
from matchmaker.web.security import SAFE_METHODS


def register(app: Flask) -> None:
    app.login_manager.unauthorized_handler(_unauthorized)  # type: ignore[attr-defined]
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(TooOftenError, _too_often)
    app.register_error_handler(BusyError, _busy)


def _unauthorized() -> ResponseReturnValue:
    if htmx.wants_partial():
        return _away_from_fragment()
    if request.method in SAFE_METHODS:
        here = kept.safe_next(request.full_path.rstrip("?"))
        return htmx.redirect(url_for("accounts.sign_in", next=here))
    return _keeping_fields()


def _away_from_fragment() -> Response:
    """A fragment never holds a sign-in form: the whole page goes there, and comes back."""
    typed = kept.collect() if request.method not in SAFE_METHODS else None
    if typed is not None and not kept.put_aside(typed):
        # The script sends such a form once more as a page, whose sign-in form keeps it whole.
        return htmx.varied(Response(status=401))
    return htmx.redirect(url_for("accounts.sign_in", next=_page_behind_fragment()))


def _page_behind_fragment() -> str | None:
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    if parts.netloc and parts.netloc != request.host:
        return None
    return kept.safe_next(f"{parts.path}?{parts.query}".rstrip("?"))


def _keeping_fields() -> Response:
    form = SignInForm(formdata=None)
    typed = kept.collect()
    form.kept.data = kept.dump(typed) if typed else ""
    form.next.data = _referring_page() or ""
    html = render_template("accounts/sign_in.html", form=form, kept=typed, ended=True)
    return make_response(html, 401)


def _referring_page() -> str | None:
    parts = urlsplit(request.referrer or "")
    return kept.safe_next(parts.path) if parts.netloc == request.host else None


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """Without a session there is no token either; who sent it from our own page signs in again."""
    open_to_all = access_of(current_app, request.endpoint or "") == "public"
    if request.endpoint and not open_to_all and _is_ours() and not current_user.is_authenticated:
        return _unauthorized()
    return error_page(403, _("The page was open too long. Go back, open it again, and send once."))


def _is_ours() -> bool:
    """Only what the browser says came from our own page is kept: no stranger's form is sent on."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(origin).netloc == request.host


def _too_often(error: TooOftenError) -> Response:
    db.session.rollback()
    response = error_page(429, wait_words(error.wait))
    response.headers["Retry-After"] = str(error.wait)
    return response


def wait_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext(
            "Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes
        )
    return ngettext(
        "Wait %(num)s hour, then try again.",
        "Wait %(num)s hours, then try again.",
        -(-minutes // 60),
    )


def _busy(error: BusyError) -> Response:
    db.session.rollback()
    response = error_page(503)
    response.headers["Retry-After"] = "5"
    return response
