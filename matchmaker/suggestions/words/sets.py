"""Sets of offers as the list and their own page show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.matching.match import Match
from matchmaker.matching.stacks import GUARANTEE, MONEY, WHOLE, Role, Stack
from matchmaker.organisations.disclosure import need_band
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.sets import ExplainedSet, ListedSet
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import pair_url, title_of
from matchmaker.suggestions.words.listing import joined, label
from matchmaker.suggestions.words.own_money import own_money
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.suggestions.words.rules import fact_label
from matchmaker.web.filters import money_band, number, usd_band

#: Between public ids in the address of a set.
JOIN = "+"


@dataclass(frozen=True, slots=True)
class SetCard:
    """See `sum_card` in templates/components/card.html."""

    id: str
    kind: str
    title: str
    #: (label, what it brings, language of the label).
    parts: Sequence[tuple[str, str, str]]
    total: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class PartView:
    offer: Offer
    kind: str
    title: str
    lang: str
    party: str
    party_lang: str
    brings: str
    #: Why it is asked at this place.
    when: str
    forward: float
    backward: float
    score: float
    pros: Sequence[str]
    cons: Sequence[str]
    url: str


@dataclass(frozen=True, slots=True)
class SetView:
    kind: str
    title: str
    parts: Sequence[PartView]
    points: int
    coverage: int
    #: The harmonic mean of the parts' points, written out.
    sum: str
    covers: str


def set_card(one: ListedSet, need: Need) -> SetCard:
    stack = one.stack
    parts = [
        (offer.organisation.name, _brief(stack, part.role, offer), offer.organisation.name_lang)
        for part, offer in zip(stack.parts, one.offers, strict=True)
    ]
    scores = joined([number(part.score) for part in stack.parts])
    return SetCard(
        id=f"set-{JOIN.join(offer.public_id for offer in one.offers)}".replace(JOIN, "-"),
        kind=kind_line(stack),
        title=title_line(stack, one.offers, need),
        parts=parts,
        total=covers(stack, need),
        text=_("%(points)s of 100, made from %(scores)s.", points=stack.points, scores=scores),
        url=set_url("suggestions.need_set", need, one.offers),
    )


def _brief(stack: Stack, role: Role, offer: Offer) -> str:
    return f"{parties.kind_words(offer)} · {brings(stack, role, offer)}"


def set_url(endpoint: str, need: Need, offers: Sequence[Offer]) -> str:
    return url_for(
        endpoint, public_id=need.public_id, offers=JOIN.join(one.public_id for one in offers)
    )


def set_view(found: ExplainedSet, need: Need) -> SetView:
    stack = found.stack
    trio = zip(stack.parts, found.offers, found.matches, strict=True)
    return SetView(
        kind=kind_line(stack),
        title=title_line(stack, found.offers, need),
        parts=[_part(part.role, offer, match, stack, need) for part, offer, match in trio],
        points=stack.points,
        coverage=stack.coverage,
        sum=_sum(found.matches, stack.coverage),
        covers=covers(stack, need),
    )


def _sum(matches: Sequence[Match], coverage: int) -> str:
    """Both directions of every part, as many as the page prints: the reader gets its points."""
    ends = [end for match in matches for end in (match.forward, match.backward)]
    return f"{len(ends)} ÷ ({' + '.join(f'1 ÷ {number(end, 1)}' for end in ends)}) × {coverage}%"


def _part(role: Role, offer: Offer, match: Match, stack: Stack, need: Need) -> PartView:
    pros, cons = split_reasons(match.reasons, Side.NEED, own_money(need, offer, Side.NEED))
    service = offer.kind is Kind.SERVICE
    return PartView(
        offer=offer,
        kind=parties.kind_words(offer),
        title=title_of(offer),
        lang=offer.lang,
        party=offer.organisation.name,
        party_lang=offer.organisation.name_lang,
        brings=brings(stack, role, offer),
        when=when_words(role, stack),
        forward=match.forward,
        backward=match.backward,
        score=match.score,
        pros=pros[:2],
        cons=cons[:1],
        url=url_for("organisations.catalogue_offer", public_id=offer.public_id)
        if service
        else pair_url("suggestions.match_page", need, offer, Side.NEED),
    )


def kind_line(stack: Stack) -> str:
    if stack.kind == "cover":
        return _("Two that add up")
    if stack.kind == "supply":
        return _("Money, and who helps you to get it")
    if len(stack.parts) > 2:
        return _("Three that add up")
    return _("A loan, and who vouches for you")


def title_line(stack: Stack, offers: Sequence[Offer], need: Need) -> str:
    """What the set does for the reader, in one line."""
    lacks = joined([fact_label(fact) for fact in stack.supplied])
    if stack.kind == "supply":
        service = label(stack.service)
        return _("%(service)s gets you what they ask for: %(facts)s", service=service, facts=lacks)
    if stack.kind == "secure":
        return _("A guarantee stands in for what they ask for: %(facts)s", facts=lacks)
    names = joined([parties.kind_words(offer) for offer in offers])
    return _("%(parts)s together reach %(amount)s", parts=names, amount=covers(stack, need))


def covers(stack: Stack, need: Need) -> str:
    """How much of what is looked for the money of the set reaches, in bands."""
    if need.band_low is None:
        return _("the money you look for")
    band = usd_band(need_band(need))
    if stack.coverage == WHOLE:
        return band
    return _("%(share)s%% of %(amount)s", share=stack.coverage, amount=band)


def brings(stack: Stack, role: Role, offer: Offer) -> str:
    if role in MONEY:
        amount = money_band(offer.amount_min_minor, offer.amount_max_minor, offer.currency)
        return amount or _("amount not said")
    lacks = joined([fact_label(fact) for fact in stack.supplied])
    return _("in place of: %(facts)s", facts=lacks) if role == "guarantee" else lacks


#: What fills up the amount; among these none comes first.
_FILLS = ("loan", "equity", "crowd")


def when_words(role: Role, stack: Stack) -> str:
    """Why a part is asked at its place in the order."""
    if all(part.role in _FILLS for part in stack.parts):
        return _("Ask them at the same time: none is enough by itself.")
    return {
        "service": _("Ask first: what it gets you is what the others wait for."),
        "grant": _("Ask early: money that need not be paid back makes the rest smaller."),
        "guarantee": _("Ask before the loan: the lender wants to see who vouches for you."),
        "loan": _("Ask last, or at the same time: it fills what is left."),
        "equity": _("Ask last, or at the same time: it fills what is left."),
        "crowd": _("Ask last, or at the same time: it fills what is left."),
    }[role]


def role_words(role: Role) -> str:
    """The part a request has in a set, where no offer is named."""
    return {"service": _("Help"), "guarantee": label(GUARANTEE)}.get(role) or _("Money")
