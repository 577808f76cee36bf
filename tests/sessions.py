"""Starting a session for an account without typing a password."""

from __future__ import annotations

from flask.testing import FlaskClient

from matchmaker.accounts.models import Account


def start_session(client: FlaskClient, account: Account) -> None:
    from matchmaker.accounts import testing

    testing.start_session(client, account)
