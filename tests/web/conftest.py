"""The tool box alone: an app with nothing in it but `matchmaker.web` and a page of components."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import RequestContext

from matchmaker.extensions import babel, csrf, htmx
from matchmaker.web import error_pages, filters, locale, security, static_files
from tests.web import gallery

ROOT = Path(__file__).parents[2]


def make_web_app() -> Flask:
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.update(SECRET_KEY="a secret for tests only", TESTING=True)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    babel.init_app(app, locale_selector=locale.select_locale)
    csrf.init_app(app)
    htmx.init_app(app)
    for part in (security, locale, static_files, error_pages):
        part.register(app)
    filters.register_filters(app)
    app.config["CLOCK_SHIFT"] = gallery.NO_SHIFT
    gallery.install(app)
    return app


@pytest.fixture
def web_app() -> Flask:
    return make_web_app()


@pytest.fixture
def in_language(web_app: Flask) -> Iterator[Callable[[str], None]]:
    """Read on as somebody who reads this language."""
    opened: list[RequestContext] = []

    def switch(language: str) -> None:
        # The language is kept with the app context, so the one before has to go first.
        while opened:
            opened.pop().pop()
        opened.append(web_app.test_request_context(f"/?lang={language}"))
        opened[0].push()

    yield switch
    while opened:
        opened.pop().pop()
