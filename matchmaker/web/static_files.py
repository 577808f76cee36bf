"""Static files: addresses with a hash of their content, sheets and scripts sent compressed."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, Response, abort, current_app, request, url_for
from werkzeug.security import safe_join
from whitenoise import WhiteNoise

YEAR = 365 * 24 * 3600

_TEXT = (".css", ".js", ".svg", ".txt")
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": gzip.compress,
    "": bytes,
}


class Fonts(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise for what is compressed already.

    Texts it sends compressed only where a build step wrote `.br` files beside them; there is no
    such step here, and one that is forgotten would go unnoticed.
    """

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if not path.endswith(_TEXT):
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)


@lru_cache(maxsize=256)
def _hash(path: str, changed: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=128)
def _encoded(path: str, changed: float, encoding: str) -> bytes:
    return _ENCODERS[encoding](Path(path).read_bytes())


def static_url(filename: str) -> str:
    path = Path(current_app.static_folder or "") / filename
    version = _hash(str(path), path.stat().st_mtime) if path.is_file() else "0"
    return url_for("static", filename=filename, v=version)


def send(filename: str) -> Response:
    """A static file; texts are compressed once a worker and kept in memory."""
    found = safe_join(current_app.static_folder or "", filename)
    if found is None or not Path(found).is_file():
        abort(404)
    if not found.endswith(_TEXT):
        return current_app.send_static_file(filename)
    accepted = request.accept_encodings
    encoding = next((each for each in ("br", "gzip") if accepted[each]), "")
    changed = Path(found).stat().st_mtime
    kind = mimetypes.guess_type(found)[0]
    response = Response(_encoded(found, changed, encoding), content_type=f"{kind}; charset=utf-8")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.vary.add("Accept-Encoding")
    versioned = "v" in request.args
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if versioned else 300
    response.cache_control.immutable = versioned
    response.set_etag(f"{_hash(found, changed)}-{encoding}")
    response.make_conditional(request)
    return response


def register(app: Flask) -> None:
    app.jinja_env.globals["static_url"] = static_url
