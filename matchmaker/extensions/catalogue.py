"""The catalogue of a request's language, looked up once: a page of matches holds 700 texts."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import g
from flask_babel import Domain


class KeptDomain(Domain):
    """Flask-Babel's own domain works out locale and catalogue anew for each text."""

    def get_translations(self) -> NullTranslations:
        # Flask-Babel makes this for each request, and takes `babel_translations` away from it
        # wherever the language changes (`refresh`, `force_locale`).
        try:
            kept: NullTranslations | None = g._flask_babel.babel_translations
        except (AttributeError, RuntimeError):
            kept = None
        return kept or self._found()

    def _found(self) -> NullTranslations:
        found = super().get_translations()
        context = g.get("_flask_babel") if g else None
        if context is not None:
            context.babel_translations = found
        return found
