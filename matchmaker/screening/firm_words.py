"""What may be said of one firm beside an offer, in words: compared side by side, or on a sheet."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from matchmaker.contacts import words as contact_words
from matchmaker.contacts.models import RequestState
from matchmaker.extensions import clock
from matchmaker.matching.eligibility import Rule, State
from matchmaker.organisations import evidence_words
from matchmaker.organisations.services.evidence import Standing
from matchmaker.screening.services.comparing import Firm
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import STATES, Chip
from matchmaker.suggestions.words.levers import lever_lines
from matchmaker.suggestions.words.listing import labels
from matchmaker.suggestions.words.rules import fact_label, have_words, rule_words
from matchmaker.vocabulary import readiness
from matchmaker.vocabulary.ownership import WOMEN_BANDS
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web.filters import fit_word, number, on_day, usd_band
from matchmaker.web.locale import locale_code


def party_words(firm: Firm) -> str:
    """The name if it is shown or was released to this reader, else what the firm does and where."""
    return firm.card.name or parties.anonymous(firm.card)


def asked_rules(firm: Firm) -> list[Rule]:
    """The rules of the offer as its owner declared them; the same for each firm, in one order."""
    rules = firm.found.match.eligibility
    return [rule for rule in rules if rule.criterion.source == "declared"]


def rule_label(rule: Rule) -> str:
    criterion = rule.criterion
    words = rule_words(criterion)
    if criterion.op != "has":
        words = _("%(fact)s: %(rule)s", fact=fact_label(criterion.fact), rule=words)
    return words if criterion.gates else _("%(rule)s (preferred)", rule=words)


def rule_chip(rule: Rule, firm: Firm) -> Chip:
    """How the firm meets it: its state, and what the firm shows."""
    shown = have_words(rule.criterion.fact, firm.found.need.facts.get(rule.criterion.fact))
    return Chip(STATES[rule.state], shown or _("not said"))


def unknown_rules(firm: Firm) -> list[Rule]:
    return [rule for rule in asked_rules(firm) if rule.state is State.UNKNOWN]


def where_to_ask(firm: Firm, offer_id: str) -> tuple[str, str]:
    """Where what is not known is asked for: in the talk that there is, or by beginning one."""
    if firm.request is not None and firm.in_touch:
        url = url_for("contacts.evidence_page", public_id=firm.request.public_id, _anchor="ask")
        return _("Ask them for it"), url
    if firm.request is not None and firm.request.state is RequestState.SENT:
        url = url_for("contacts.request_page", public_id=firm.request.public_id)
        return _("See the request first"), url
    url = url_for("contacts.ask", need_id=firm.need.public_id, offer_id=offer_id)
    return _("Write to them first"), url


def evidence_lines(firm: Firm) -> list[str]:
    """Papers with how far each goes: sent or checked, by whom and when; those only said in one."""
    said = [piece for piece in firm.pieces if piece.standing is Standing.SAID]
    lines = [
        _(
            "%(paper)s: %(standing)s",
            paper=evidence_words.label(piece.fact.fact),
            standing=evidence_words.standing(piece),
        )
        for piece in firm.pieces
        if piece.standing is not Standing.SAID
    ]
    if said:
        papers = ", ".join(evidence_words.label(piece.fact.fact) for piece in said)
        lines.append(_("Said, no file yet: %(papers)s", papers=papers))
    return lines


def facts_of(firm: Firm) -> dict[str, str]:
    """Label -> what is said; an empty text where nothing is."""
    need, card, asks, language = firm.need, firm.card, firm.asks, locale_code()
    facts = firm.found.need.facts
    return {
        _("Looks for"): parties.kind_words(need),
        _("Amount"): usd_band(asks.band) if asks.band is not None else "",
        _("For"): labels([f"purpose:{asks.purpose}"]) if asks.purpose else "",
        _("Needed by"): on_day(asks.needed_by, "medium"),
        _("Sector"): parties.sector_words(card),
        _("Place"): parties.place_words(card),
        _("Size"): SIZES.label(card.size_class, language) if card.size_class else "",
        _("Workers"): have_words("staff", facts.get("staff")) or "",
        _("Age"): have_words("age_years", facts.get("age_years")) or "",
        _("Women own"): WOMEN_BANDS.label(card.women_band, language) if card.women_band else "",
    }


def lever_texts(firm: Firm) -> list[str]:
    """The smallest change that opens the door, and the points then."""
    match = firm.found.match
    if not match.unmet:
        return [_("The door is open: no rule shuts them out.")]
    if not match.levers:
        return [_("No small change of the firm's would open this door.")]
    lever = match.levers[0]
    lines = lever_lines(lever, firm.found.need.facts, Side.OFFER)
    then = _(
        "Then: %(word)s, %(points)s of 100",
        word=fit_word(lever.points),
        points=number(lever.points),
    )
    return [*(line.text for line in lines), then]


def readiness_words(firm: Firm) -> str:
    """The level that the firm shows to those who offer; the points behind it stay with the firm."""
    score = firm.need.organisation.readiness
    if score is None:
        return _("not shared")
    return readiness.LEVELS.label(readiness.level(score), locale_code())


def between_words(firm: Firm) -> str:
    if firm.request is None:
        return _("Nobody has asked yet.")
    return contact_words.state_sentence(firm.request, Side.OFFER, clock.now())
