"""Firms that ask together, as each reader may see them: bands, places, words, and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from matchmaker.extensions import clock
from matchmaker.matching.nearness import CORRIDOR, Near
from matchmaker.matching.records import Band
from matchmaker.organisations.models import ConsortiumFirm, FirmState, Need
from matchmaker.organisations.services.consortium_standing import band_of, counts
from matchmaker.suggestions.services.together import Together
from matchmaker.suggestions.words.parties import anonymous, firm_facts, party_of
from matchmaker.vocabulary import bands
from matchmaker.web.filters import on_day, usd_band

#: From which value on a part of nearness is a reason to name.
_SAME, _RELATED = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class FirmLine:
    """A firm as one reader may know it."""

    words: str
    lang: str
    facts: Sequence[str]
    amount: str
    reasons: Sequence[str] = ()
    #: In one line, for a tick.
    label: str = ""
    need_id: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    number: int
    lines: Sequence[FirmLine]
    sum: str
    parts: Sequence[tuple[str, str]] = field(default=())

    @property
    def need_ids(self) -> list[str]:
        return [line.need_id for line in self.lines]


def group_views(found: Together, *, goes_on: bool) -> list[GroupView]:
    """The proposals, their firms numbered through: two may read alike."""
    views, number = [], 0
    for at, proposal in enumerate(found.proposals, 1):
        lines = []
        for near, need in proposal.others:
            number += 1
            lines.append(_proposed(number, near, need))
        parts = [(_("Your group") if goes_on else _("You"), band_words(found.own))]
        first = number - len(lines) + 1
        parts += [(_("Firm %(num)s", num=n), line.amount) for n, line in enumerate(lines, first)]
        band = band_words(proposal.group.band)
        views.append(GroupView(at, lines, band, parts))
    return views


def _proposed(number: int, near: Near, need: Need) -> FirmLine:
    line = firm_line(need, named=False)
    words = _("%(num)s. %(firm)s", num=number, firm=line.words)
    label = " · ".join([words, line.amount])
    return FirmLine(words, line.lang, line.facts, line.amount, reasons(near), label, need.public_id)


def firm_line(need: Need, *, named: bool) -> FirmLine:
    """By name only where the firm let its name out to this reader.

    A name shown on the lists of funders and providers is not yet shown to other firms.
    """
    firm = need.organisation
    card = party_of(firm, as_offerer=False).card
    words, lang = (firm.name, firm.name_lang) if named else (anonymous(card), "")
    return FirmLine(words, lang, firm_facts(card), band_words(band_of(need)))


def reasons(near: Near) -> list[str]:
    """Why this firm: what is near, and what it adds."""
    parts = near.parts
    sector, place = parts.get("sector", 0.0), parts.get("place", 0.0)
    found = []
    if sector >= _RELATED:
        found.append(_("The same business") if sector >= _SAME else _("A related business"))
    if place >= _SAME:
        found.append(_("The same province"))
    elif place >= CORRIDOR:
        found.append(_("The same economic corridor"))
    elif place >= _RELATED:
        found.append(_("The same country"))
    if parts.get("papers", 0.0) > 0.0:
        found.append(_("Has papers they ask for and you lack"))
    return found


def band_words(band: Band | None) -> str:
    if band is None:
        return usd_band(None)
    return usd_band(bands.Band(int(band.low), None if band.high is None else int(band.high)))


def state_words(firm: ConsortiumFirm) -> str:
    """A firm that said no reads like one that has not answered."""
    if firm.state is FirmState.WITHDRAWN:
        return _("Invitation taken back")
    if firm.state is not FirmState.JOINED:
        if firm.state is not FirmState.LEFT and firm.expires_at > clock.now():
            return _("Invited until %(day)s", day=on_day(firm.expires_at))
        return _("Not joined")
    return _("In the group") if counts(firm) else _("In the group, but no longer looking")
