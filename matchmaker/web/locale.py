"""Which language answers: what the reader chose, else the account's, else the browser's."""

from __future__ import annotations

from urllib.parse import urlencode

import pytz
from flask import Flask, Response, after_this_request, g, has_request_context, request
from flask_babel import get_locale as babel_locale
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from matchmaker.extensions import babel
from matchmaker.vocabulary.languages import UI_LANGUAGES

COOKIE = "language"
YEAR = 365 * 24 * 3600
#: Languages whose words a native speaker has read (translations/STATUS.md).
REVIEWED = frozenset({"en"})
#: Languages that the pages are written in; in others they are English.
WRITTEN = frozenset({"en", "lo"})


def select_locale() -> str:
    if not has_request_context():
        return "en"
    chosen = request.args.get("lang", "")
    if chosen in UI_LANGUAGES:
        _remember(chosen)
        return chosen
    kept = request.cookies.get(COOKIE, "")
    if kept in UI_LANGUAGES:
        return kept
    own = getattr(current_user, "language", "")
    if own in UI_LANGUAGES:
        return str(own)
    return request.accept_languages.best_match(UI_LANGUAGES) or "en"


def select_timezone() -> str | None:
    """The clock that the reader chose in the settings; a visitor reads UTC."""
    zone = getattr(current_user, "time_zone", "") if has_request_context() else ""
    # What the settings offer and the translator's list of zones are two lists.
    return zone if zone in pytz.all_timezones_set else None


def _remember(language: str) -> None:
    if "language_chosen" in g:
        return
    g.language_chosen = language

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
        return response


def locale_code() -> str:
    """The reader's language as our code (en lo km my th vi zh)."""
    locale = babel_locale()
    return locale.language if locale else "en"


def language_urls() -> list[dict[str, object]]:
    """The same page in each language; a link, so that it works without script."""
    current = locale_code()
    args = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return [
        {
            "code": code,
            "url": f"{request.path}?{urlencode([*args, ('lang', code)])}",
            "current": code == current,
        }
        for code in UI_LANGUAGES
    ]


def _context() -> dict[str, object]:
    here = locale_code()
    return {
        "translation_missing": here not in WRITTEN,
        "translation_unreviewed": here in WRITTEN - REVIEWED,
    }


@pass_context
def _text(context: Context, text: str, /, **values: object) -> str:
    """What Jinja's own `_` gives, which calls three functions for it: a page holds 300 texts."""
    said = babel.domain_instance.get_translations().ugettext(text)
    if context.eval_ctx.autoescape:
        # Catalogues are ours.
        said = Markup(said)  # noqa: S704
    return said % values if values or "%" in said else said


def register(app: Flask) -> None:
    """Bind to an app whose extensions are bound already."""
    catalogue = babel.domain_instance.get_translations
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, n: catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _text
    app.context_processor(_context)
    app.jinja_env.globals["locale_code"] = locale_code
    app.jinja_env.globals["language_urls"] = language_urls
