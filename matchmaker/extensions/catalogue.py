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
        context = g.get("_flask_babel") if g else None
        if context is None:
            return super().get_translations()
        found = getattr(context, "babel_translations", None)
        if found is None:
            found = context.babel_translations = super().get_translations()
        return found
