"""Words of consent in the reader's language, with the English that binds beside them."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.accounts.models import Purpose
from matchmaker.web.locale import locale_code


def consent_words() -> dict[Purpose, str]:
    return {
        Purpose.TERMS: _("I accept the terms of use."),
        Purpose.PRIVACY: _("You may keep what I enter and use it as the privacy page says."),
        Purpose.MATCHING: _(
            "You may use what I enter to find matches, and show it to the other side."
        ),
        Purpose.NEWS: _("Send me news of the programme."),
    }


def english_consents() -> dict[Purpose, str]:
    """Empty for who reads English already."""
    if locale_code() == "en":
        return {}
    with force_locale("en"):
        return consent_words()
