"""Who is asking: the cookie's token against its `sign_in` row, read afresh on each request."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, SignIn
from matchmaker.accounts.services import sessions
from matchmaker.extensions import clock, db
from matchmaker.extensions.transactions import reading, writing_session
from matchmaker.web.security import SAFE_METHODS

TOKEN = "sign_in"  # noqa: S105 - the name of the cookie's entry
SEEN_LOCK_MS = 200


def bind(app: Flask) -> None:
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    # Flask-Login's own cookies and session marks are not used: the row decides.
    manager.session_protection = None
    manager.user_loader(lambda _user_id: None)
    manager.request_loader(_load)
    # An application context may outlive a request (in tests, in commands): ask anew each time.
    app.before_request(forget_current)
    app.after_request(_note_seen)


def current_sign_in() -> SignIn | None:
    """The session of this request, complete or waiting for its second factor."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    if "sign_in" not in g:
        g.sign_in = _find(token)
    found: SignIn | None = g.sign_in
    return found


def forget_current() -> None:
    """Ask the database anew, after the session of this request changed."""
    g.pop("sign_in", None)
    g.pop("_login_user", None)


def _find(token: str) -> SignIn | None:
    if request.method in SAFE_METHODS:
        return sessions.find(db.session(), token)
    # Asking who it is must not take the write lock: what is slow, a hash say, may come before it.
    with reading(), Session(db.engine, expire_on_commit=False) as own:
        found = sessions.find(own, token)
        if found is None:
            return None
        found.account  # noqa: B018 - loaded before the session closes
        own.expunge_all()
    db.session.merge(found.account, load=False)
    return found


def _load(_request: Request) -> Account | None:
    found = current_sign_in()
    if found is None or sessions.is_half_open(found):
        return None
    if request.method in SAFE_METHODS:
        return found.account
    return db.session.get(Account, found.account_id)


def _note_seen(response: Response) -> Response:
    found: SignIn | None = g.get("sign_in")
    if found is None or clock.now() - found.last_seen_at < sessions.SEEN_EVERY:
        return response
    app, sign_in_id = current_app._get_current_object(), found.id  # type: ignore[attr-defined]

    @response.call_on_close
    def write() -> None:
        with app.app_context():
            try:
                with writing_session(db.engine, lock_ms=SEEN_LOCK_MS) as own:
                    sessions.seen(own, sign_in_id)
            except SQLAlchemyError:
                # Busy: the next request tries again, nothing is lost but a few minutes.
                return

    return response
