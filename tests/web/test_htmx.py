"""Page or region, and what caches are told about it."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader

from matchmaker.web.htmx import redirect, render, wants_partial

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        (HTMX, True),
        ({**HTMX, "HX-Boosted": "true"}, False),
        ({**HTMX, "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "false"}, False),
    ],
)
def test_a_region_is_wanted_by_a_plain_htmx_request_only(
    web_app: Flask, headers: dict[str, str], expected: bool
) -> None:
    with web_app.test_request_context(headers=headers):
        assert wants_partial() is expected


@pytest.mark.parametrize(("headers", "body"), [({}, "page 9"), (HTMX, "part 9")])
def test_render_gives_page_or_region_and_says_that_it_varies(
    web_app: Flask, headers: dict[str, str], body: str
) -> None:
    web_app.jinja_loader = DictLoader({"a.html": "page {{ n }}", "_a.html": "part {{ n }}"})
    with web_app.test_request_context(headers=headers):
        response = render("a.html", "_a.html", status=422, n=9)
    assert response.get_data(as_text=True) == body
    assert response.status_code == 422
    assert {"hx-request", "hx-boosted", "hx-history-restore-request"} <= {
        name.lower() for name in response.vary
    }


def test_a_browser_is_redirected_after_a_post(web_app: Flask) -> None:
    with web_app.test_request_context(method="POST"):
        response = redirect("/matches")
    assert (response.status_code, response.location) == (303, "/matches")


def test_htmx_is_told_to_go_to_the_whole_page(web_app: Flask) -> None:
    with web_app.test_request_context(method="POST", headers=HTMX):
        response = redirect("/matches")
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/matches"
    assert "HX-Request" in response.headers["Vary"]
