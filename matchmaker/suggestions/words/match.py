"""One match as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.language.masking import mask_contacts
from matchmaker.matching.eligibility import Rule, State, fact_of
from matchmaker.organisations import disclosure, loan_words
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.helpers import Helpers
from matchmaker.suggestions.services.match import Explained
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.answers import to_tell
from matchmaker.suggestions.words.cards import STATES, kind_line, sides, title_of, together_url
from matchmaker.suggestions.words.levers import LeverLine, lever_lines
from matchmaker.suggestions.words.listing import labels
from matchmaker.suggestions.words.own_money import OwnMoney, own_money
from matchmaker.suggestions.words.reasons import split_reasons
from matchmaker.suggestions.words.rules import fact_label, have_words, rule_words
from matchmaker.suggestions.words.sums import Table, tables
from matchmaker.web import filters
from matchmaker.web.filters import ngettext


@dataclass(frozen=True, slots=True)
class RuleRow:
    rule: str
    have: str
    state: str
    must: bool
    url: str | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    kind: str
    party: parties.Party
    title: str
    lang: str
    points: int
    you: int
    them: int
    pros: list[str]
    cons: list[str]
    sides: list[Table]
    note: str
    tally: str
    rules: list[RuleRow]
    levers: list[LeverLine]
    then_points: int | None
    together_url: str | None
    #: (label, value) or (label, value, lang).
    facts: list[tuple[str, ...]]
    text: str | None
    active: str | None
    replies: str | None


def match_view(
    need: Need, offer: Offer, side: Side, found: Explained, helpers: Helpers
) -> MatchView:
    match, other = found.match, offer if side is Side.NEED else need
    party = parties.party_of(other.organisation, as_offerer=isinstance(other, Offer))
    you, them = sides(match, side)
    own = own_money(need, offer, side)
    pros, cons = split_reasons(match.reasons, side, own)
    lever = match.levers[0] if match.levers else None
    declared = [rule for rule in match.eligibility if rule.criterion.source == "declared"]
    return MatchView(
        kind=kind_line(other, party),
        party=party,
        title=title_of(other),
        lang=other.lang,
        points=match.points,
        you=you,
        them=them,
        pros=pros,
        cons=cons,
        sides=tables(match, side),
        note=_("Weights of model version %(number)s.", number=found.version),
        tally=tally_line(declared),
        rules=[_rule_row(rule, need, found, side, own) for rule in declared],
        levers=lever_lines(lever, found.need.facts, side, helpers, own) if lever else [],
        then_points=lever.points if lever else None,
        together_url=together_url(match, need, offer, side),
        facts=_offer_facts(offer) if side is Side.NEED else _need_facts(need, party.card),
        text=disclosure.offer_text(offer) if side is Side.NEED else _need_text(need),
        active=parties.active_words(party.card),
        replies=parties.reply_words(party.card),
    )


def tally_line(rules: list[Rule]) -> str:
    """How the rules that gate stand, in one line."""
    gating = [rule.state for rule in rules if rule.criterion.gates]
    if not gating:
        return _("No rule shuts anybody out.")
    met, unknown, unmet = (gating.count(state) for state in (State.MET, State.UNKNOWN, State.UNMET))
    parts = [ngettext("%(num)s rule is met", "%(num)s rules are met", met)]
    if unknown:
        parts.append(ngettext("%(num)s is not known", "%(num)s are not known", unknown))
    if unmet:
        parts.append(ngettext("%(num)s is not met", "%(num)s are not met", unmet))
    return _("%(parts)s.", parts=", ".join(parts))


def _rule_row(
    rule: Rule, need: Need, found: Explained, side: Side, own: OwnMoney | None
) -> RuleRow:
    criterion = rule.criterion
    value = fact_of(found.need, criterion.fact)
    said = _("You have not told us.") if side is Side.NEED else _("Not said.")
    return RuleRow(
        rule=_(
            "%(fact)s: %(rule)s",
            fact=fact_label(criterion.fact),
            rule=rule_words(criterion, own),
        )
        if criterion.op != "has"
        else rule_words(criterion),
        have=have_words(criterion.fact, value, own) or said,
        state=STATES[rule.state],
        must=criterion.gates,
        url=to_tell(rule, value, need, side),
    )


def _need_text(need: Need) -> str | None:
    card = disclosure.need_fields(need, disclosure.Viewer.OTHER_SIDE)
    return card.text if card else None


def _offer_facts(offer: Offer) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    amount = filters.money_band(offer.amount_min_minor, offer.amount_max_minor, offer.currency)
    if amount:
        label = _("Amount") if offer.kind is Kind.FINANCE else _("Price")
        found.append((label, amount))
    if offer.purposes:
        found.append((_("For"), labels(f"purpose:{code}" for code in offer.purposes)))
    if rate := loan_words.interest(offer):
        found.append((_("Interest a year"), rate))
    if offer.fees:
        found.append((_("Fees"), mask_contacts(offer.fees), offer.lang))
    found += loan_words.term_lines(offer)
    if offer.decision_days is not None:
        found.append((_("Decides within"), filters.duration(float(offer.decision_days))))
    if offer.languages:
        found.append((_("Languages"), labels(f"language:{code}" for code in offer.languages)))
    return found


def _need_facts(need: Need, card: disclosure.Card) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if need.band_low is not None:
        found.append((_("Amount"), filters.usd_band(disclosure.need_band(need))))
    if need.purpose:
        found.append((_("For"), labels([f"purpose:{need.purpose}"])))
    if need.needed_by:
        found.append((_("Needed by"), filters.on_day(need.needed_by)))
    for label, value in (
        (_("Sector"), parties.sector_words(card)),
        (_("Place"), parties.place_words(card)),
    ):
        if value:
            found.append((label, value))
    return found
