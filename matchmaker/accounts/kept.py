"""What somebody typed when the session had ended: kept through signing in, then sent again."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ENTRY = "kept"
MAX_FIELDS, MAX_LENGTH = 200, 100_000
#: What fits into the session's cookie beside everything else (4 KB in all).
COOKIE_ROOM = 2000
_SECRET_NAMES = ("password", "csrf", "token", "code", "kept")


@dataclass(frozen=True, slots=True)
class Kept:
    path: str
    fields: tuple[tuple[str, str], ...]


def safe_next(target: str | None) -> str | None:
    """A path within this site, or None: nothing that a browser could read as another host."""
    if not target or len(target) > 2000 or not target.startswith("/"):
        return None
    if target.startswith(("//", "/\\")) or any(ord(c) < 33 or c == "\\" for c in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def collect() -> Kept | None:
    """The fields of the present post, less passwords, codes and files."""
    pairs = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in _SECRET_NAMES)
    )
    size = sum(len(name) + len(value) for name, value in pairs)
    if not pairs or len(pairs) > MAX_FIELDS or size > MAX_LENGTH:
        return None
    return Kept(request.full_path.rstrip("?"), pairs)


def dump(kept: Kept) -> str:
    plain = json.dumps([kept.path, kept.fields]).encode()
    return _serializer().dumps(urlsafe_b64encode(zlib.compress(plain)).decode())


def load(text: str | None) -> Kept | None:
    """What `dump` gave, if it still leads to a page of ours that takes a post."""
    if not text:
        return None
    try:
        packed = urlsafe_b64decode(_serializer().loads(text))
        path, fields = json.loads(zlib.decompressobj().decompress(packed, 4 * MAX_LENGTH))
        kept = Kept(str(path), tuple((str(name), str(value)) for name, value in fields))
    except (BadData, ValueError, TypeError, zlib.error):
        return None
    return kept if safe_next(kept.path) and _takes_post(kept.path) else None


def put_aside(kept: Kept) -> bool:
    """For htmx, which is sent to another page: small forms travel in the session's cookie.

    False when this one is too large for that.
    """
    text = dump(kept)
    if len(text) > COOKIE_ROOM:
        return False
    session[ENTRY] = text
    return True


def take_aside() -> str:
    text: Any = session.pop(ENTRY, "")
    return text if isinstance(text, str) else ""


def _takes_post(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(urlsplit(path).path, method="POST")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return False
    return True


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="accounts.kept")
