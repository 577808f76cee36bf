"""Lines about the self-check, and about offers of a firm whose page speaks of its needs."""

from __future__ import annotations

from itertools import chain

from flask import url_for
from flask_babel import gettext as _

from matchmaker.home.agenda import Agenda
from matchmaker.home.words.line import Line
from matchmaker.suggestions.services.ahead import Ahead, distinct
from matchmaker.web.filters import ngettext


def self_check_line(agenda: Agenda) -> Line | None:
    """For a firm that looks for something and has never gone through it."""
    main = agenda.main
    if main is None or not main.is_firm or not agenda.rows or main.id in agenda.checked:
        return None
    asking = _asking(agenda.ahead)
    return Line(
        _("Ten minutes"),
        _("See how ready your business is"),
        _("Start"),
        url_for("organisations.self_check", public_id=main.public_id),
        ngettext(
            "%(num)s offer that may fit asks for it. You see who helps with what is missing.",
            "%(num)s offers that may fit ask for it. You see who helps with what is missing.",
            asking,
        )
        if asking
        else _("You see what funders look at, and who helps with what is missing."),
    )


def _asking(ahead: Ahead | None) -> int:
    """How many offers ask what the self-check would tell."""
    untold = ahead.untold if ahead else ()
    return distinct(
        chain.from_iterable([facts["readiness"]] for _need, facts in untold if "readiness" in facts)
    )


def offer_line(agenda: Agenda) -> Line | None:
    """A firm that gives something too goes on to the firms that fit."""
    if not agenda.offers:
        return None
    newest, others = agenda.offers[0], len(agenda.offers) - 1
    return Line(
        _("Your offer"),
        newest.title,
        _("See which firms fit"),
        url_for("suggestions.offer_matches", public_id=newest.public_id),
        ngettext("%(num)s more offer is open.", "%(num)s more offers are open.", others)
        if others
        else "",
        newest.lang,
    )
