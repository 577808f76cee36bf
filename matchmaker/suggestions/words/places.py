"""Places to choose from in a filter: countries, and the provinces of the programme's own."""

from __future__ import annotations

from flask import current_app

from matchmaker.vocabulary import places


def place_choices(language: str) -> list[tuple[str, str]]:
    """The programme's country and its provinces first, then the other countries."""
    home = str(current_app.config["PROGRAMME_COUNTRY"])
    own = [home, *places.provinces_of(home)]
    others = [code.code for code in places.COUNTRIES if code.code != home]
    return [(code, places.label(code, language)) for code in (*own, *others)]
