"""A list page as its templates show it: tabs, the line above, cards, the way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import url_for
from flask_babel import gettext as _

from matchmaker.matching.levers import closed_for_good
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.helpers import Helpers
from matchmaker.suggestions.services.ranking import ListPage
from matchmaker.suggestions.words.cards import CardView, card_of
from matchmaker.suggestions.words.doors import widest_door
from matchmaker.suggestions.words.left_out import (
    chosen_line,
    gate_words,
    left_out_line,
    ranked,
)
from matchmaker.suggestions.words.sets import SetCard, set_card
from matchmaker.web.filters import ngettext


@dataclass(frozen=True, slots=True)
class ListView:
    """Everything `_match_list.html` reads."""

    tab: str
    tabs: list[dict[str, Any]]
    count_line: str
    chosen: str
    left_out: str
    left_out_url: str
    #: Single matches, and sets among them where their points place them.
    cards: list[CardView | SetCard]
    #: Whether any of them is a single match.
    fits: bool
    doors: list[CardView]
    #: Those that a firm will not open, whatever it does: they stand folded, below.
    shut: list[CardView]
    gates: list[str]
    first_url: str | None
    next_url: str | None
    renewed: bool
    #: Of an empty list: the one change that would give most, and the list without the filters.
    door: str
    whole_url: str | None


def list_view(
    row: Need | Offer, page: ListPage, tab: str, chosen: dict[str, Any], helpers: Helpers
) -> ListView:
    ranking, side = page.ranking, page.side
    counts = {"fit": ranking.total, "near": ranking.near_total, "out": page.left_out}
    before = bool(page.fit) and page.fit[0].position > 1
    near = page.near if tab == "near" else []
    # Who lists firms has made the rules, and may change them.
    shut = [one for one in near if side is Side.NEED and closed_for_good(one.match.eligibility)]
    return ListView(
        tab=tab,
        tabs=[
            {
                "label": label,
                "url": list_url(row, name, chosen),
                "current": name == tab,
                "count": counts[name],
            }
            for name, label in _tab_labels().items()
        ],
        count_line=count_line(row, ranking.total),
        chosen=chosen_line(ranking.pool, ranking.used, side),
        left_out=left_out_line(ranking.left_out, page.left_out, side),
        left_out_url=list_url(row, "out", chosen),
        cards=_cards(row, page) if tab == "fit" else [],
        fits=bool(page.fit),
        doors=[card_of(one, side, helpers) for one in near if one not in shut],
        shut=[card_of(one, side, helpers) for one in shut],
        gates=[gate_words(fact, n, side) for fact, n in ranked(ranking.left_out)],
        first_url=list_url(row, "fit", chosen) if before else None,
        next_url=list_url(row, "fit", chosen, after=str(page.next)) if page.next else None,
        renewed=page.renewed,
        door="" if ranking.total else widest_door(ranking, side),
        whole_url=list_url(row, "fit", {}) if chosen and not ranking.total else None,
    )


def _cards(row: Need | Offer, page: ListPage) -> list[CardView | SetCard]:
    found: list[CardView | SetCard] = [card_of(one, page.side) for one in page.fit]
    # From below: what is put in moves nothing that comes after it in this loop.
    for one in sorted(page.sets, key=lambda each: (-each.after, each.stack.score)):
        found.insert(one.after, set_card(one, cast(Need, row)))
    return found


def _tab_labels() -> dict[str, str]:
    return {"fit": _("Fit"), "near": _("Nearly"), "out": _("Left out")}


def list_url(row: Need | Offer, tab: str, chosen: dict[str, Any], after: str | None = None) -> str:
    endpoint = "need_matches" if isinstance(row, Need) else "offer_matches"
    return url_for(
        f"suggestions.{endpoint}",
        public_id=row.public_id,
        tab=None if tab == "fit" else tab,
        after=after,
        **chosen,
    )


def count_line(row: Need | Offer, total: int) -> str:
    if isinstance(row, Need):
        return ngettext("%(num)s offer fits.", "%(num)s offers fit.", total)
    return ngettext("%(num)s need fits.", "%(num)s needs fit.", total)
