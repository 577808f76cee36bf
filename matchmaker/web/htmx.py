"""The only place that asks whether htmx wants a region or a browser wants a page."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template
from flask import redirect as flask_redirect

from matchmaker.extensions import htmx

_READ_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_partial() -> bool:
    """True when one region is to be swapped.

    flask-htmx's `bool(htmx)` reads `HX-Request` alone, which htmx also sends when it restores a
    page from history: that one must be whole.
    """
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, partial: str, status: int = 200, **context: Any) -> Response:
    """The page, or only its region `partial` when htmx asks; the page includes the same file."""
    template = partial if wants_partial() else page
    return varied(make_response(render_template(template, **context), status))


def redirect(url: str) -> Response:
    """Send the browser on: 303, or `HX-Redirect` to htmx, which would swap a page into a part."""
    if not wants_partial():
        return varied(make_response(flask_redirect(url, code=303)))
    response = Response(status=204)
    response.headers["HX-Redirect"] = url
    return varied(response)


def varied(response: Response) -> Response:
    """Say which request headers the answer depends on, so that no cache mixes page and region."""
    response.vary.update(_READ_HEADERS)
    return response
