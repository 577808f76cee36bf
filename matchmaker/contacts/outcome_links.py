"""The link in a mail that asks what came of a request: signed, for one person and one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from matchmaker import notifications
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side

#: The purpose: what another part of the app signed opens nothing here.
SALT = "contacts.outcome"


@dataclass(frozen=True, slots=True)
class Named:
    """What a link that is ours and not yet ended names, by public ids."""

    request: str
    side: Side
    reader: str
    months: int


def path(facts: Mapping[str, str]) -> str:
    """The address within this site, from the facts of the mail."""
    names = ("request", "side", "reader", "months", "until")
    token = _serializer().dumps([str(facts[name]) for name in names])
    return notifications.path_to("contacts.how_did_it_go", token=token)


def read(token: str) -> Named | None:
    """None for a link that was altered, has ended or was made for something else."""
    try:
        request, side, reader, months, until = _serializer().loads(token)
        if clock.today() > date.fromisoformat(until):
            return None
        return Named(str(request), Side(side), str(reader), int(months))
    except (BadData, ValueError, TypeError):
        return None


def _serializer() -> URLSafeSerializer:
    # Oldest key first, as itsdangerous wants them: the last one signs, all of them verify.
    keys = [*current_app.config.get("SECRET_KEY_FALLBACKS", ()), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=SALT)
