"""Lines about new matches, and about doors that are almost open."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from matchmaker.home.words.line import Line
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.helping import helping
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.ahead import Ahead, Door
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import pair_url, title_of
from matchmaker.suggestions.words.doors import door_words
from matchmaker.suggestions.words.listing import joined
from matchmaker.suggestions.words.lists import list_url
from matchmaker.suggestions.words.own_money import own_money
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.web.filters import code_label


def new_lines(ahead: Ahead | None) -> Iterator[Line]:
    for one in ahead.new if ahead else ():
        side = ahead.side if ahead else Side.NEED
        other: Need | Offer = one.offer if side is Side.NEED else one.need
        party = parties.party_of(other.organisation, as_offerer=side is Side.NEED)
        pros, _cons = split_reasons(one.match.reasons, side, own_money(one.need, one.offer, side))
        yield Line(
            _("New: %(party)s", party=party.words),
            title_of(other),
            _("See why"),
            pair_url("suggestions.match_page", one.need, one.offer, side),
            pros[0] if pros else "",
            other.lang,
            one.match.points,
        )


def door_lines(ahead: Ahead | None) -> Iterator[Line]:
    for door in ahead.doors if ahead else ():
        yield Line(
            _("A door almost open"),
            door_words(door.fact, door.offers),
            _("See them"),
            list_url(door.need, "near", {}),
            _who_helps(door, ahead) if ahead else "",
        )


def _who_helps(door: Door, ahead: Ahead) -> str:
    category = helping(door.fact)
    if category is None:
        return ""
    names = dict.fromkeys(one.organisation.name for one in ahead.helpers.get(category, ()))
    scheme = "service" if category.kind.value == "service" else "instrument"
    service = code_label(category.code, scheme)
    if not names:
        return _("Who can help: %(service)s", service=service)
    return _("Who can help: %(names)s (%(service)s)", names=joined(list(names)), service=service)
