"""Every failure becomes a page in the reader's language, or a short region for htmx."""

from __future__ import annotations

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import db

log = structlog.get_logger()

TITLES = {
    400: _l("We could not read that request"),
    403: _l("You may not do this"),
    404: _l("There is nothing here"),
    405: _l("This page cannot be used that way"),
    409: _l("Somebody changed this in the meantime"),
    410: _l("This is no longer here"),
    413: _l("That is too large"),
    415: _l("We could not read that request"),
    422: _l("Some answers need another look"),
    429: _l("That was too often"),
    500: _l("Something went wrong on our side"),
    503: _l("We cannot answer right now"),
}
NEXT_STEPS = {
    400: _l("Go back and try again. What you typed is still in the form."),
    403: _l("Sign in with another account, or ask the programme for access."),
    404: _l("The address may be wrong, or it is not open to you."),
    409: _l("Open the page again to see what it says now, then decide."),
    413: _l("Send a smaller file, or a shorter text."),
    429: _l("Wait a little, then try again."),
    500: _l("We have noted it. Try again in a few minutes."),
    503: _l("Nothing was lost. Try again in a minute."),
}


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleVersion, _conflict)
    app.register_error_handler(WrongState, _conflict)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(DataError, _bad_data)
    app.register_error_handler(UnicodeError, _bad_data)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, message: object = "") -> Response:
    known = status if status in TITLES else (500 if status >= 500 else 400)
    partial = request.headers.get("HX-Request") == "true"
    template = "errors/_error.html" if partial else "errors/error.html"
    html = render_template(
        template, status=status, title=TITLES[known], next_step=message or NEXT_STEPS.get(known, "")
    )
    response = make_response(html, status)
    response.headers.add("Vary", "HX-Request")
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = error_page(status)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _csrf(error: CSRFError) -> Response:
    return error_page(403, _l("The page was open too long. Go back, open it again, and send once."))


def _conflict(error: Exception) -> Response:
    db.session.rollback()
    return error_page(409)


def _database_away(error: Exception) -> Response:
    db.session.rollback()
    # The page itself must not ask the database who reads it.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    log.error(
        "database_away", kind=type(error).__name__, reason=str(getattr(error, "orig", error))[:200]
    )
    response = error_page(503)
    response.headers["Retry-After"] = "5"
    return response


def _bad_data(error: Exception) -> Response:
    db.session.rollback()
    log.warning("bad_data", kind=type(error).__name__)
    return error_page(400)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.exception("unexpected", path=request.path)
    return error_page(500)
