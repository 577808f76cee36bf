"""A cookie that says: from here this person signed in before. It opens nothing by itself."""

from __future__ import annotations

import hashlib
import secrets

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from matchmaker.accounts.models import Account

LIFE_SECONDS = 180 * 24 * 3600


def known(public_id: str, hashed_password: str | None) -> str:
    """The mark of this device if it is known for this account with its present password, or ""."""
    try:
        owner, fingerprint, mark = _serializer().loads(request.cookies.get(_name(), ""))
    except (BadData, ValueError, TypeError):
        return ""
    right = public_id and owner == public_id and fingerprint == _fingerprint(hashed_password)
    return str(mark) if right else ""


def remember(response: Response, account: Account) -> None:
    mark = known(account.public_id, account.password) or secrets.token_urlsafe(9)
    value = _serializer().dumps([account.public_id, _fingerprint(account.password), mark])
    response.set_cookie(
        _name(),
        value,
        max_age=LIFE_SECONDS,
        secure=current_app.config["SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: Response) -> None:
    response.delete_cookie(_name(), secure=current_app.config["SECURE"], path="/")


def _name() -> str:
    return "__Host-device" if current_app.config["SECURE"] else "device"


def _fingerprint(hashed_password: str | None) -> str:
    """Changes with the password, so that a changed password forgets all devices."""
    return hashlib.sha256((hashed_password or "").encode()).hexdigest()[:12]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="accounts.device")
