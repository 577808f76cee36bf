"""Starting a session for an account without typing a password."""

from __future__ import annotations

from flask.testing import FlaskClient

from matchmaker.accounts.loader import TOKEN
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import sessions
from matchmaker.extensions import db


def start_session(client: FlaskClient, account: Account) -> None:
    """As after the right password, and for staff after the right code; commits."""
    token = sessions.begin(
        db.session(), account, user_agent="tests", second_factor=account.needs_second_factor
    )
    db.session.commit()
    with client.session_transaction() as session:
        session.clear()
        session[TOKEN] = token
