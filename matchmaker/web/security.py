"""Headers on every answer, the nonce, cross-site refusal, and read-only transactions for GET."""

from __future__ import annotations

import secrets
from wsgiref.headers import Headers

from flask import Flask, Response, abort, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from matchmaker.extensions import transactions

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def csp_nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    nonce: str = g.nonce
    return nonce


class Sessions(SecureCookieSessionInterface):
    """Flask sends a lasting session with every answer: not with one that everybody may keep."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.public:
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    app.session_interface = Sessions()
    app.before_request(_begin_kind)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_cross_site)
    app.after_request(_headers)
    app.teardown_request(_end_kind)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def _begin_kind() -> None:
    transactions.set_read_only(request.method in SAFE_METHODS)


def _end_kind(error: BaseException | None) -> None:
    """What runs in this thread after the request begins without its kind of transaction."""
    transactions.set_read_only(False)


def _refuse_nul() -> None:
    """No address of ours has one; the two databases would answer it differently."""
    if "\0" in request.path:
        abort(404)


def _refuse_cross_site() -> None:
    """The token guards forms; this also stops what a browser itself says came from elsewhere."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if request.method not in SAFE_METHODS and site == "cross-site":
        abort(403)


def _policy() -> str:
    nonce = csp_nonce()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def add_static_headers(headers: Headers, path: str, url: str) -> None:
    """Static files pass by Flask, so that they need their headers here."""
    for name, value in ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.update(ALWAYS)
    # A file that somebody sent brings a stricter one.
    headers.setdefault("Content-Security-Policy", _policy())
    if request.endpoint != "static":
        # Private pages stay out of every cache, the browser's included.
        headers.setdefault("Cache-Control", "no-store")
    return response
