"""Why a card stands where it does, when that is not by its points alone."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.extensions import clock
from matchmaker.matching.exposure import Why
from matchmaker.organisations.services.capacity import places_left
from matchmaker.suggestions.services.listed import Listed
from matchmaker.web.filters import ngettext, number


def order_note(listed: Listed) -> str | None:
    placed = listed.placed
    if placed.why == "also":
        return _("Also worth a look: few have seen it lately.")
    if not placed.moved:
        return None
    if placed.moved > 0:
        return _higher(placed.why)
    if placed.why == "full":
        return _("Shown lower: it has no place left this month.")
    if placed.why == "busy":
        left = places_left(listed.offer, clock.now())
        return ngettext(
            "Shown lower: it has %(num)s of %(places)s places left this month.",
            "Shown lower: it has %(num)s of %(places)s places left this month.",
            left,
            places=number(listed.offer.places),
        )
    if placed.why == "wanted":
        return _("Shown lower: many others fit it too, and its places are few.")
    if placed.why == "seen_often":
        return _("Shown lower: many have seen it lately.")
    return None


def _higher(why: Why) -> str | None:
    if why == "seen_little":
        return _("Shown higher: few have seen it lately.")
    if why == "free":
        return _("Shown higher: few others compete for it.")
    return None
