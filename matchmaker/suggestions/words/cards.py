"""A match as the plain values that the card components show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from matchmaker.language.masking import mask_contacts
from matchmaker.matching.consortia import AMOUNT, ticket_of
from matchmaker.matching.eligibility import Rule, State
from matchmaker.matching.match import Match, shown
from matchmaker.matching.records import FactValue
from matchmaker.organisations.disclosure import need_band
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.helpers import Helpers
from matchmaker.suggestions.services.listed import Listed
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.answers import to_tell
from matchmaker.suggestions.words.levers import NOBODY, LeverLine, lever_lines
from matchmaker.suggestions.words.order import order_note
from matchmaker.suggestions.words.own_money import OwnMoney, own_money
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.suggestions.words.rules import met_words, rule_words
from matchmaker.web.filters import usd_band

MOST_CHIPS = 7
_ORDER = {State.UNMET: 0, State.MET: 1, State.UNKNOWN: 2}
STATES = {State.MET: "met", State.UNMET: "unmet", State.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Chip:
    state: str
    text: str
    url: str | None = None
    link: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class CardView:
    """See templates/components/card.html."""

    id: str
    kind: str
    party: str
    party_lang: str
    title: str
    lang: str
    url: str
    hide_url: str
    points: int
    you: int
    them: int
    chips: list[Chip]
    pros: list[str]
    cons: list[str]
    active: str | None
    replies: str | None
    word: str | None = None
    note: str | None = None
    action: str | None = None
    levers: list[LeverLine] = field(default_factory=list)
    then_points: int | None = None
    #: Where it can be reached with other firms.
    together_url: str | None = None
    #: What an upper room has read beside the need.
    beside: tuple[Any, ...] = ()


def card_of(listed: Listed, side: Side, helpers: Helpers = NOBODY) -> CardView:
    need, offer, match = listed.need, listed.offer, listed.match
    other: Need | Offer = offer if side is Side.NEED else need
    party = parties.party_of(other.organisation, as_offerer=isinstance(other, Offer))
    you, them = sides(match, side)
    own = own_money(need, offer, side)
    pros, cons = split_reasons(match.reasons, side, own)
    lever = match.levers[0] if match.levers else None
    return CardView(
        id=pair_id(need, offer),
        kind=kind_line(other, party),
        party=party.words,
        party_lang=party.lang,
        title=title_of(other),
        lang=other.lang,
        url=pair_url("suggestions.match_page", need, offer, side),
        hide_url=pair_url("suggestions.not_for_me", need, offer, side),
        points=match.points,
        you=you,
        them=them,
        chips=chips_of(match, need, listed.facts, side, own),
        pros=pros,
        cons=cons,
        active=parties.active_words(party.card),
        replies=parties.reply_words(party.card),
        note=order_note(listed),
        levers=lever_lines(lever, listed.facts, side, helpers, own) if lever else [],
        then_points=lever.points if lever else None,
        together_url=together_url(match, need, offer, side),
        beside=listed.beside,
    )


def together_url(match: Match, need: Need, offer: Offer, side: Side) -> str | None:
    """For the firm, where nothing but the offer's least amount stands between: ask with others."""
    closing = [rule.criterion for rule in match.eligibility if rule.closes]
    band, ticket = need_band(need), ticket_of(closing)
    alone = not closing or any(rule.fact != AMOUNT for rule in closing)
    if side is not Side.NEED or alone or band is None or ticket is None:
        return None
    if band.high is None or band.high > ticket.low:
        return None
    return pair_url("contacts.together_page", need, offer, side)


def sides(match: Match, side: Side) -> tuple[int, int]:
    """Whole points of the reader's own side, then of the other."""
    both = shown(match.forward), shown(match.backward)
    return both if side is Side.NEED else (both[1], both[0])


def pair_id(need: Need, offer: Offer) -> str:
    return f"pair-{need.public_id}-{offer.public_id}"


def pair_url(endpoint: str, need: Need, offer: Offer, side: Side) -> str:
    """Somebody may act for both sides: the offer's side is named, the need's is not."""
    as_side = side.value if side is Side.OFFER else None
    return url_for(endpoint, need_id=need.public_id, offer_id=offer.public_id, side=as_side)


def title_of(row: Need | Offer) -> str:
    return mask_contacts(row.title)


def kind_line(row: Need | Offer, party: parties.Party) -> str:
    """What it is; of a need also the band and what the firm is."""
    words = parties.kind_words(row)
    if isinstance(row, Offer):
        return words
    amount = [usd_band(need_band(row))] if row.band_low is not None else []
    return " · ".join([words, *amount, *parties.firm_facts(party.card)])


def chips_of(
    match: Match, need: Need, facts: Mapping[str, FactValue], side: Side, own: OwnMoney | None
) -> list[Chip]:
    """The rules that gate, what is missing first; then what is preferred and met."""
    declared = [rule for rule in match.eligibility if rule.criterion.source == "declared"]
    shown_rules = [rule for rule in declared if rule.criterion.gates or rule.state is State.MET]
    shown_rules.sort(key=lambda rule: (not rule.criterion.gates, _ORDER[rule.state]))
    return [chip_of(rule, need, facts, side, own) for rule in shown_rules[:MOST_CHIPS]]


def chip_of(
    rule: Rule,
    need: Need,
    facts: Mapping[str, FactValue],
    side: Side,
    own: OwnMoney | None = None,
) -> Chip:
    met = rule.state is State.MET
    value = facts.get(rule.criterion.fact)
    text = met_words(rule.criterion, value, own) if met else rule_words(rule.criterion, own)
    url = to_tell(rule, value, need, side)
    return Chip(STATES[rule.state], text, url, _("Tell us") if url else None)
