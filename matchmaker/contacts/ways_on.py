"""Where a request that came to nothing leads: what helps, who fits next, what opens this door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.extensions import clock
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.organisations.services.adviser import Adviser, adviser_for
from matchmaker.suggestions.helping import Category, helping
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.ahead import Seen
from matchmaker.suggestions.services.helpers import Helpers, offers_in
from matchmaker.suggestions.services.onward import Onward, onward
from matchmaker.suggestions.words.cards import title_of
from matchmaker.suggestions.words.levers import Helper, LeverLine, helper_of, lever_lines
from matchmaker.suggestions.words.own_money import own_money
from matchmaker.suggestions.words.parties import place_name
from matchmaker.vocabulary.ways import DECLINE_WAYS
from matchmaker.web.locale import locale_code

#: Offers of help that the page names, over all their categories.
MOST_HELPERS = 2

_ACCOUNTING = Category(Kind.SERVICE, "ACCOUNTING")
_ADVICE = Category(Kind.SERVICE, "ADVICE")


class _Help(NamedTuple):
    """Which offers help after a no, and which page of one's own: the need, or a profile step."""

    categories: tuple[Category, ...] = ()
    page: str = ""


_HELP = {
    "too_small": _Help((), "need"),
    "too_large": _Help((Category(Kind.FINANCE, "GUARANTEE"),), "need"),
    "too_early": _Help((_ADVICE, _ACCOUNTING), "evidence"),
    "papers_missing": _Help((_ACCOUNTING, _ADVICE), "evidence"),
    "price": _Help((), "need"),
    "more_detail": _Help((_ADVICE,), "words"),
}


@dataclass(frozen=True, slots=True)
class Next:
    """One of the next best: the other side's need or offer."""

    title: str
    lang: str
    party: str
    party_lang: str
    points: int
    url: str


@dataclass(frozen=True, slots=True)
class WaysOn:
    """Everything `_ways_on.html` reads."""

    next_best: Sequence[Next]
    list_url: str
    #: Whether an adviser has a task of it.
    told: bool
    advice: str = ""
    own_url: str = ""
    levers: Sequence[LeverLine] = ()
    helpers: Sequence[Helper] = ()
    adviser: str = ""


def ways_on(session: Session, row: ContactRequest, viewer: Side) -> WaysOn | None:
    """For whoever is left without: the one who asked, and the one asked when it was taken back."""
    over = row.state in _OVER or (row.state is RequestState.SENT and row.expires_at <= clock.now())
    asked = viewer is row.asked_by
    if not over or not (asked or row.state is RequestState.WITHDRAWN):
        return None
    mine: Need | Offer = row.need if viewer is Side.NEED else row.offer
    ahead = onward(session, row.need, row.offer, viewer)
    endpoint = "need_matches" if viewer is Side.NEED else "offer_matches"
    listed = url_for(f"suggestions.{endpoint}", public_id=mine.public_id)
    told = row.state in (RequestState.DECLINED, RequestState.EXPIRED)
    found = WaysOn([_next(one, viewer) for one in ahead.best], listed, told and asked)
    if viewer is Side.OFFER or not asked:
        return found
    return _for_a_firm(session, row, found, ahead)


_OVER = (RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN)


def _for_a_firm(session: Session, row: ContactRequest, found: WaysOn, ahead: Onward) -> WaysOn:
    """What helps after this reason, and what opens this very door if one of its rules is shut."""
    help_ = _HELP.get(row.decline_reason, _Help())
    lever = ahead.lever
    facts = [change.fact for change in lever.changes] if lever else []
    opening = {category for fact in facts if (category := helping(fact))}
    helpers = offers_in(session, row.need_organisation, {*help_.categories, *opening})
    own = own_money(row.need, row.offer, Side.NEED)
    lines = lever_lines(lever, ahead.facts, Side.NEED, helpers, own) if lever else []
    return WaysOn(
        found.next_best,
        found.list_url,
        found.told,
        advice=advice(row.decline_reason),
        own_url=_own_url(row.need, help_.page),
        levers=lines,
        helpers=[helper_of(offer) for offer in _some(helpers, help_.categories)],
        adviser=adviser_words(adviser_for(session, row.need_organisation), row.need),
    )


def advice(reason: str) -> str:
    return DECLINE_WAYS.label(reason, locale_code()) if reason in DECLINE_WAYS else ""


def _some(helpers: Helpers, categories: Sequence[Category]) -> list[Offer]:
    """One of each category in turn, as many as the page names."""
    lists = [list(helpers.get(category, ())) for category in categories]
    most = max(map(len, lists), default=0)
    turns = [one[at] for at in range(most) for one in lists if at < len(one)]
    return turns[:MOST_HELPERS]


def _own_url(need: Need, page: str) -> str:
    if page == "need":
        return url_for("organisations.need_edit", public_id=need.public_id)
    if page:
        firm = need.organisation.public_id
        return url_for("organisations.profile_step", public_id=firm, step_key=page)
    return ""


def _next(one: Seen, viewer: Side) -> Next:
    other: Need | Offer = one.offer if viewer is Side.NEED else one.need
    named = viewer is Side.NEED
    return Next(
        title=title_of(other),
        lang=other.lang,
        party=one.offer.organisation.name if named else "",
        party_lang=one.offer.organisation.name_lang if named else "",
        points=one.match.points,
        url=url_for(
            "suggestions.match_page",
            need_id=one.need.public_id,
            offer_id=one.offer.public_id,
            side=None if viewer is Side.NEED else viewer.value,
        ),
    )


def adviser_words(adviser: Adviser | None, need: Need) -> str:
    """Who it is, and that the programme puts the two in touch; nobody's address stands here."""
    place = place_name(need.organisation.province)
    if adviser is None or not (adviser.name or place):
        return ""
    if adviser.vouches:
        return _("%(name)s acts for you, and can help you to go on.", name=adviser.name)
    if adviser.name:
        return _(
            "%(name)s advises firms in %(place)s. Write to the programme: it puts you in touch.",
            name=adviser.name,
            place=place,
        )
    return _("The programme has an adviser for %(place)s. Write to the programme.", place=place)
