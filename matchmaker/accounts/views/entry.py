"""What the doors share: looking somebody up without a lock, starting a session, going on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import (
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from sqlalchemy.orm import Session

from matchmaker.accounts import devices, kept, loader
from matchmaker.accounts.forms import country
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import doors
from matchmaker.accounts.services.doors import Credentials
from matchmaker.extensions import db
from matchmaker.extensions.transactions import reading
from matchmaker.language.keys import search_key
from matchmaker.language.text import normalise
from matchmaker.web import htmx


@contextmanager
def reading_session() -> Iterator[Session]:
    """Beside the request's session: a POST may look somebody up before it takes the write lock."""
    with reading(), Session(db.engine, expire_on_commit=False) as own:
        yield own


def look_up(typed: str) -> Credentials:
    with reading_session() as own:
        return doors.credentials(own, typed, country())


def who(found: Credentials, typed: str) -> str:
    """Whom a limit counts: the account, whichever of its identities was typed."""
    if found.account_id is not None:
        return f"account {found.account_id}"
    if found.identity is not None:
        return f"{found.identity.kind} {found.identity.value}"
    return f"typed {search_key(typed[:300])}"


def user_agent() -> str:
    return normalise(request.headers.get("User-Agent", "")[:500])


def start(token: str) -> None:
    """Put the token into a session that holds nothing of the one before."""
    session.clear()
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)
    session[loader.TOKEN] = token
    session.permanent = True
    loader.forget_current()


def go_on(account: Account, next_url: str | None, kept_text: str | None) -> Response:
    """To where the person was going, or to what they had typed when their session ended."""
    held = kept.load(kept_text)
    if held is not None:
        page = render_template("accounts/go_on.html", kept=held)
        response = make_response(page)
    else:
        response = htmx.redirect(kept.safe_next(next_url) or url_for("home.index"))
    devices.remember(response, account)
    return response
