"""One firm on one sheet of paper, for the offer it was held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _

from matchmaker.extensions import clock
from matchmaker.matching.eligibility import Rule, State
from matchmaker.organisations.models import Offer, Organisation
from matchmaker.screening.firm_words import (
    asked_rules,
    between_words,
    evidence_lines,
    facts_of,
    lever_texts,
    party_words,
    readiness_words,
    rule_chip,
    rule_label,
    unknown_rules,
)
from matchmaker.screening.services.comparing import Firm
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import Chip, sides, title_of
from matchmaker.suggestions.words.match import tally_line
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.suggestions.words.sums import facet_label
from matchmaker.web import qr
from matchmaker.web.filters import at_time, ngettext

#: What one sheet holds of each; the rest is counted and stands on the page of the match.
MOST_RULES = 7
MOST_PAPERS = 5
MOST_WORDS = 240
QR_PIXELS = 110
_FIRST = {State.UNMET: 0, State.UNKNOWN: 1, State.MET: 2}


@dataclass(frozen=True, slots=True)
class Facet:
    """What counts, how well, and its weight in per cent: for the offering side, for the firm."""

    what: str
    well: int
    known: bool
    us: int
    them: int


@dataclass(frozen=True, slots=True)
class Brief:
    party: str
    party_lang: str
    title: str
    title_lang: str
    offer: str
    offer_lang: str
    points: int
    us: int
    them: int
    pros: Sequence[str]
    cons: Sequence[str]
    facts: Sequence[tuple[str, str]]
    ask: Sequence[str]
    more_ask: str
    tally: str
    rules: Sequence[tuple[str, Chip]]
    more_rules: str
    papers: Sequence[str]
    more_papers: str
    doors: Sequence[str]
    facets: Sequence[Facet]
    #: The firm's own words, where this reader may see them.
    words: str
    qr: str
    link: str
    printed: str
    version: int


def brief_of(firm: Firm, offer: Offer, organisation: Organisation, printed_by: str) -> Brief:
    match = firm.found.match
    us, them = sides(match, Side.OFFER)
    pros, cons = split_reasons(match.reasons, Side.OFFER)
    rules = sorted(asked_rules(firm), key=_first)
    papers = evidence_lines(firm)
    link = _link(firm, offer)
    return Brief(
        party=party_words(firm),
        party_lang=firm.card.name_lang,
        title=title_of(firm.need),
        title_lang=firm.need.lang,
        offer=offer.title,
        offer_lang=offer.lang,
        points=match.points,
        us=us,
        them=them,
        pros=pros,
        cons=cons,
        facts=_facts(firm),
        ask=[rule_label(rule) for rule in unknown_rules(firm)][:MOST_RULES],
        more_ask=_more(len(unknown_rules(firm)) - MOST_RULES),
        tally=tally_line(rules),
        rules=[(rule_label(rule), rule_chip(rule, firm)) for rule in rules[:MOST_RULES]],
        more_rules=_more(len(rules) - MOST_RULES),
        papers=papers[:MOST_PAPERS],
        more_papers=_more(len(papers) - MOST_PAPERS),
        doors=lever_texts(firm),
        facets=_facets(firm),
        words=_clipped(firm.asks.text or ""),
        qr=qr.picture(link, QR_PIXELS),
        link=link,
        printed=_(
            "Printed by %(who)s, %(organisation)s, on %(when)s.",
            who=printed_by,
            organisation=organisation.name,
            when=at_time(clock.now()),
        ),
        version=firm.found.version,
    )


def _first(rule: Rule) -> tuple[bool, int]:
    """What shuts out and what is not known before what is well; wishes after rules."""
    return (not rule.criterion.gates, _FIRST[rule.state])


def _facts(firm: Firm) -> list[tuple[str, str]]:
    found = {
        **facts_of(firm),
        _("Digital readiness"): readiness_words(firm),
        _("Last active"): parties.active_words(firm.card) or "",
        _("Answers"): parties.reply_words(firm.card) or _("too few to say"),
        _("Request"): between_words(firm),
    }
    return [(label, said or _("not said")) for label, said in found.items()]


def _facets(firm: Firm) -> list[Facet]:
    return [
        Facet(facet_label(one.name), one.points, one.known, one.backward_weight, one.forward_weight)
        for one in firm.found.match.facets
    ]


def _more(left: int) -> str:
    if left <= 0:
        return ""
    return ngettext("%(num)s more on the page.", "%(num)s more on the page.", left)


def _clipped(text: str) -> str:
    """Whole words of the beginning; the page of the match has the rest."""
    if len(text) <= MOST_WORDS:
        return text
    return text[:MOST_WORDS].rsplit(" ", 1)[0].rstrip() + "…"


def _link(firm: Firm, offer: Offer) -> str:
    path = url_for(
        "suggestions.match_page",
        need_id=firm.need.public_id,
        offer_id=offer.public_id,
        side=Side.OFFER.value,
    )
    return f"{current_app.config['BASE_URL']}{path}"
