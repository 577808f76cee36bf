"""Unsubscribe links: signed, so that they work without signing in; they never end."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from matchmaker.notifications.kinds import KINDS


def make(reader_public_id: str, kind: str) -> str:
    return _serializer().dumps([reader_public_id, kind])


def read(token: str) -> tuple[str, str] | None:
    """The reader's public id and the kind, or None for a link that is not ours."""
    try:
        reader, kind = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return (reader, kind) if isinstance(reader, str) and kind in KINDS else None


def _serializer() -> URLSafeSerializer:
    # Oldest key first, as itsdangerous wants them: the last one signs, all of them verify.
    keys = [*current_app.config.get("SECRET_KEY_FALLBACKS", ()), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="notifications.unsubscribe")
