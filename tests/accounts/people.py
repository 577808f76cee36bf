"""People with a password, and the ways tests follow their mails."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_mailman import EmailMessage

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import passwords, second_factor
from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner
from tests.factories import AccountFactory, StaffFactory

PASSWORD = "four brown rivers"


@lru_cache(maxsize=1)
def _hashed() -> str:
    return passwords.hash(PASSWORD)


def person(**values: Any) -> Account:
    account = AccountFactory(**{"password": _hashed()} | values)
    db.session.commit()
    return account


def staff_member(**values: Any) -> Account:
    own = {"password": _hashed(), "tf_totp_secret": second_factor.new_secret()}
    account = StaffFactory(**own | values)
    db.session.commit()
    return account


def mails(app: Flask) -> list[EmailMessage]:
    """Everything sent since the last time, after the waiting jobs have run."""
    db.session.rollback()
    Runner().run_all()
    sent = list(getattr(app.extensions["mailman"], "outbox", None) or [])
    app.extensions["mailman"].outbox = []
    return sent


def link_in(message: EmailMessage) -> str:
    found = re.search(r"https?://[^/]+(/link/\S+)", message.body)
    assert found, message.body
    return found.group(1)
