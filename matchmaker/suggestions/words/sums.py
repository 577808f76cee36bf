"""The arithmetic of a match as two tables whose rows add up to what is printed below them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.matching.match import Facet, Match
from matchmaker.matching.reasons import GOOD
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.reasons import value_of

FACET_LABELS = {
    "service": _l("What is looked for"),
    "sector": _l("Sector"),
    "text": _l("Words"),
    "place": _l("Place"),
    "ticket": _l("Amount"),
    "price": _l("Price"),
    "stage": _l("Size and stage"),
    "language": _l("Language"),
    "impact": _l("Impact"),
    "preferences": _l("What is preferred"),
    "evidence": _l("Papers"),
    "past": _l("Earlier choices"),
    "activity": _l("Recent activity"),
    "freshness": _l("Last here"),
}

#: What a row names of its facts: the first of these that is known.
_DETAILS = ("shared", "wanted", "words", "amount", "has", "when")


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    well: int
    #: Share of 1.
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    points: float
    rows: list[Row]


def tables(match: Match, side: Side) -> list[Table]:
    """The reader's own side first."""
    forward = Table(
        _("For you") if side is Side.NEED else _("For them"),
        match.forward,
        [_row(facet, facet.forward_weight) for facet in match.facets if facet.forward_weight],
    )
    backward = Table(
        _("For them") if side is Side.NEED else _("For you"),
        match.backward,
        [_row(facet, facet.backward_weight) for facet in match.facets if facet.backward_weight],
    )
    return [forward, backward] if side is Side.NEED else [backward, forward]


def facet_label(name: str) -> str:
    return str(FACET_LABELS.get(name, name))


def _row(facet: Facet, weight: int) -> Row:
    return Row(_what(facet), facet.points, weight / 100, facet.points * weight / 100)


def _what(facet: Facet) -> str:
    label = facet_label(facet.name)
    if not facet.known:
        # Of either side: a firm whose sector is told may meet an offer that names none.
        # The lower quartile is high where nearly all have all of it: "low" would not be true.
        if facet.points >= GOOD:
            return _("%(facet)s (not known of one side: most have this or more)", facet=label)
        return _("%(facet)s (not known of one side: counted low)", facet=label)
    known = (value_of(facet.facts, name) for name in _DETAILS)
    detail = next(filter(None, known), "")
    return _("%(facet)s: %(detail)s", facet=label, detail=detail) if detail else label
