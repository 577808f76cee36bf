"""Firms side by side as the template shows them: groups of rows, a cell for each firm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from matchmaker.matching.match import Facet
from matchmaker.matching.reasons import GOOD
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
    where_to_ask,
)
from matchmaker.screening.services.comparing import Firm
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import Chip, sides, title_of
from matchmaker.suggestions.words.match import tally_line
from matchmaker.suggestions.words.sums import facet_label
from matchmaker.web.filters import number, percent


@dataclass(frozen=True, slots=True)
class Head:
    """A firm at the top of its column."""

    id: str
    party: str
    party_lang: str
    title: str
    title_lang: str
    points: int
    us: int
    them: int
    match_url: str
    brief_url: str
    without_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    lines: Sequence[str] = ()
    chips: Sequence[Chip] = ()
    #: A word on how it stands among the others: colour alone says nothing.
    word: str = ""
    #: (label, address) of what can be done about it.
    link: tuple[str, str] | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """What is compared: the words, not where they lead."""
        return (tuple(self.lines), tuple((chip.state, chip.text) for chip in self.chips))


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: Sequence[Cell]
    note: str = ""

    @property
    def differs(self) -> bool:
        return len({cell.said for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    rows: Sequence[Row] = field(default_factory=tuple)


def heads(firms: Sequence[Firm], desk_id: str, offer_id: str) -> list[Head]:
    ids = [firm.need.public_id for firm in firms]
    found = []
    for firm in firms:
        us, them = sides(firm.found.match, Side.OFFER)
        rest = [one for one in ids if one != firm.need.public_id]
        at: dict[str, Any] = {"public_id": desk_id, "offer_id": offer_id}
        found.append(
            Head(
                id=f"firm-{firm.need.public_id}",
                party=party_words(firm),
                party_lang=firm.card.name_lang,
                title=title_of(firm.need),
                title_lang=firm.need.lang,
                points=firm.found.match.points,
                us=us,
                them=them,
                match_url=url_for(
                    "suggestions.match_page",
                    need_id=firm.need.public_id,
                    offer_id=offer_id,
                    side=Side.OFFER.value,
                ),
                brief_url=url_for("screening.brief", need_id=firm.need.public_id, **at),
                without_url=url_for(
                    "screening.compare", public_id=desk_id, offer=offer_id, need=rest
                ),
            )
        )
    return found


def groups(firms: Sequence[Firm], offer_id: str, *, only_differing: bool) -> list[Group]:
    """What is not known comes first: it is what can be asked."""
    found = [
        Group("unknown", _("Not known yet"), [_unknown(firms, offer_id)]),
        Group("rules", _("Your rules"), _rules(firms)),
        Group("points", _("Points, of 100"), _facets(firms)),
        Group("firm", _("What they ask for, and who they are"), _facts(firms)),
        Group("papers", _("Papers"), [_each(_("What they can show"), firms, _papers)]),
        Group("door", _("What would open the door"), [_each(_("A change"), firms, _levers)]),
        Group("between", _("Between you"), _between(firms)),
    ]
    if not only_differing:
        return [group for group in found if group.rows]
    kept = [replace(one, rows=[row for row in one.rows if row.differs]) for one in found]
    return [group for group in kept if group.rows]


def _each(label: str, firms: Sequence[Firm], cell: Callable[[Firm], Cell]) -> Row:
    return Row(label, [cell(firm) for firm in firms])


def _unknown(firms: Sequence[Firm], offer_id: str) -> Row:
    def cell(firm: Firm) -> Cell:
        if not asked_rules(firm):
            return Cell([_("Your offer has no rules.")])
        lines = [rule_label(rule) for rule in unknown_rules(firm)]
        if not lines:
            return Cell([_("Nothing: they have said all that your rules ask.")])
        return Cell(lines, link=where_to_ask(firm, offer_id))

    return _each(_("Ask for"), firms, cell)


def _rules(firms: Sequence[Firm]) -> list[Row]:
    """A row a rule, as each firm meets it; all firms are held against the same rules."""
    rows = [_each(_("In all"), firms, lambda firm: Cell([tally_line(asked_rules(firm))]))]
    states = [[Cell(chips=[rule_chip(rule, firm)]) for rule in asked_rules(firm)] for firm in firms]
    rules = [rule_label(rule) for rule in asked_rules(firms[0])]
    return rows + [
        Row(label, cells) for label, cells in zip(rules, zip(*states, strict=True), strict=True)
    ]


def _facets(firms: Sequence[Firm]) -> list[Row]:
    names = list(dict.fromkeys(one.name for firm in firms for one in firm.found.match.facets))
    return [_facet(name, firms) for name in names]


def _facet(name: str, firms: Sequence[Firm]) -> Row:
    found = [
        next((one for one in firm.found.match.facets if one.name == name), None) for firm in firms
    ]
    known = [one.points for one in found if one is not None and one.known]
    best = max(known) if len(set(known)) > 1 else None
    cells = [_facet_cell(one, best) for one in found]
    return Row(facet_label(name), cells, _weight(next(filter(None, found))))


def _facet_cell(facet: Facet | None, best: int | None) -> Cell:
    if facet is None:
        return Cell([_("does not count")])
    points = number(facet.points)
    if not facet.known:
        if facet.points >= GOOD:
            return Cell(
                [_("%(points)s, not known of one side: most have this or more", points=points)]
            )
        return Cell([_("%(points)s, not known of one side: counted low", points=points)])
    return Cell([points], word=_("highest") if facet.points == best else "")


def _weight(facet: Facet) -> str:
    """Weights are those of the model version: the same for every firm."""
    return _(
        "weighs %(us)s for you, %(them)s for them",
        us=percent(facet.backward_weight / 100),
        them=percent(facet.forward_weight / 100),
    )


def _facts(firms: Sequence[Firm]) -> list[Row]:
    listed = [facts_of(firm) for firm in firms]
    labels = list(dict.fromkeys(label for facts in listed for label in facts))
    return [
        Row(label, [Cell([facts.get(label) or _("not said")]) for facts in listed])
        for label in labels
    ]


def _papers(firm: Firm) -> Cell:
    return Cell(evidence_lines(firm) or [_("They have named none.")])


def _levers(firm: Firm) -> Cell:
    return Cell(lever_texts(firm))


def _between(firms: Sequence[Firm]) -> list[Row]:
    return [
        _each(_("Request"), firms, lambda firm: Cell([between_words(firm)])),
        _each(_("Digital readiness"), firms, lambda firm: Cell([readiness_words(firm)])),
        _each(
            _("Last active"),
            firms,
            lambda firm: Cell([parties.active_words(firm.card) or _("not known")]),
        ),
        _each(
            _("Answers"),
            firms,
            lambda firm: Cell([parties.reply_words(firm.card) or _("too few to say")]),
        ),
    ]
