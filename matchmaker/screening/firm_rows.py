"""A table of firms as its template shows it: only what the offering side may see of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from matchmaker.matching.eligibility import State
from matchmaker.organisations.disclosure import need_band
from matchmaker.organisations.models import Need
from matchmaker.screening.columns import COLUMNS
from matchmaker.screening.pipeline_words import stage_beside
from matchmaker.suggestions.firm_facts import firm_evidence
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.listed import Listed
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import Chip, chip_of, pair_url, sides, title_of
from matchmaker.suggestions.words.listing import labels
from matchmaker.suggestions.words.order import order_note
from matchmaker.suggestions.words.rules import have_words
from matchmaker.vocabulary.ownership import WOMEN_BANDS
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web.filters import ago, on_day, usd_band
from matchmaker.web.locale import locale_code

#: Columns that are more than words.
_OWN_CELLS = ("rules", "stage")
_ORDER = {State.UNMET: 0, State.UNKNOWN: 1, State.MET: 2}


@dataclass(frozen=True, slots=True)
class FirmRow:
    id: str
    party: str
    party_lang: str
    title: str
    title_lang: str
    url: str
    #: The need, as the buttons of a row name it.
    need_id: str
    points: int
    us: int
    them: int
    #: Column -> its words; those of the rules are chips.
    cells: dict[str, str]
    chips: list[Chip]
    met: int
    note: str | None
    #: Of one in the pipeline: its entry; the name of its stage is in its cell.
    entry_id: str | None


def firm_row(listed: Listed, shown: Collection[str]) -> FirmRow:
    """One firm; cells that are not shown are not worded."""
    need, offer, match = listed.need, listed.offer, listed.match
    party = parties.party_of(need.organisation, as_offerer=False)
    us, them = sides(match, Side.OFFER)
    gates = [rule for rule in match.eligibility if rule.criterion.gates]
    gates.sort(key=lambda rule: _ORDER[rule.state])
    at = stage_beside(listed.beside) if "stage" in shown else None
    cells = {one: _cell(one, listed, party.card) for one in shown if one not in _OWN_CELLS}
    return FirmRow(
        id=f"firm-{need.public_id}",
        party=party.words,
        party_lang=party.lang,
        title=title_of(need),
        title_lang=need.lang,
        url=pair_url("suggestions.match_page", need, offer, Side.OFFER),
        need_id=need.public_id,
        points=match.points,
        us=us,
        them=them,
        cells=cells | ({"stage": at.stage} if at else {}),
        chips=[chip_of(rule, need, listed.facts, Side.OFFER) for rule in gates],
        met=sum(rule.state is State.MET for rule in gates),
        note=order_note(listed),
        entry_id=at.entry_id if at else None,
    )


def _cell(column: str, listed: Listed, card: parties.Card) -> str:
    said = _firm_words(column, card) if column in _OF_CARD else _need_words(column, listed)
    return said or _("not said")


_OF_CARD = ("sector", "place", "size", "women", "active")


def _firm_words(column: str, card: parties.Card) -> str:
    language = locale_code()
    if column == "sector":
        return parties.sector_words(card)
    if column == "place":
        return parties.place_words(card)
    if column == "size":
        return SIZES.label(card.size_class, language) if card.size_class else ""
    if column == "women":
        return WOMEN_BANDS.label(card.women_band, language) if card.women_band else ""
    return ago(card.last_active_at) if card.last_active_at else ""


def _need_words(column: str, listed: Listed) -> str:
    need = listed.need
    if column == "amount":
        return usd_band(need_band(need)) if need.band_low is not None else ""
    if column == "years":
        return have_words("age_years", listed.facts.get("age_years")) or ""
    if column == "evidence":
        return _papers(need)
    return on_day(need.needed_by, "medium") if need.needed_by else ""


def _papers(need: Need) -> str:
    said, checked = firm_evidence(need.organisation)
    if not said:
        return ""
    words = labels(sorted(said, key=lambda code: (code not in checked, code)))
    if not checked:
        return words
    return _("%(papers)s (%(count)s checked)", papers=words, count=len(checked))


def heads(shown: Collection[str]) -> dict[str, Any]:
    """The columns with their words."""
    return {code: label for code, label in COLUMNS.items() if code in shown}
