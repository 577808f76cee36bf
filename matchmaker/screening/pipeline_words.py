"""Entries, stages and their history as the pages show them: only what the desk may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from matchmaker.contacts import words
from matchmaker.contacts.words import Line
from matchmaker.extensions import clock, db
from matchmaker.organisations.disclosure import need_band
from matchmaker.organisations.forms.member import called
from matchmaker.organisations.models import Need, Offer, PublicationState
from matchmaker.screening.models import (
    EntryEvent,
    EntryEventKind,
    EntryTask,
    PipelineEntry,
    PipelineStage,
    StageCode,
)
from matchmaker.screening.services import passing
from matchmaker.screening.services.entries import Standing
from matchmaker.screening.services.staged import of_need
from matchmaker.screening.services.stages import key_of
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.match import is_live
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import pair_url, title_of
from matchmaker.vocabulary.reasons import DECLINE_REASONS
from matchmaker.web.filters import on_day, usd_band
from matchmaker.web.locale import locale_code

Standings = Mapping[int, Standing]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One firm in the pipeline."""

    entry: PipelineEntry
    url: str
    party: str
    party_lang: str | None
    title: str
    title_lang: str | None
    #: Amount and place, for which offer.
    about: str
    stage_key: str
    stage: str
    #: How the request stands, and its page; empty where nobody has asked.
    request: str
    request_url: str | None
    #: The match's page, while the need is open.
    match_url: str | None
    #: A word where the need is no longer published.
    gone: str
    #: Why it was passed together with others.
    reason: str
    #: The colleague who sees to it; empty for nobody.
    assignee: str

    @property
    def pick(self) -> str:
        return f"{self.entry.public_id}-{self.entry.version}"


_STAGES = {
    StageCode.NEW: _l("New"),
    StageCode.REVIEWING: _l("Reviewing"),
    StageCode.IN_TALK: _l("In talk"),
    StageCode.DUE_DILIGENCE: _l("Due diligence"),
    StageCode.AGREED: _l("Agreed"),
    StageCode.PASSED: _l("Passed"),
}


def stage_name(stage: PipelineStage) -> str:
    """The organisation's own word, else ours in the reader's language."""
    return _stage_words(stage.code, stage.name)


def _stage_words(code: StageCode | None, name: str) -> str:
    return name if name or code is None else str(_STAGES[code])


@dataclass(frozen=True, slots=True)
class At:
    """Where a firm stands in the pipeline: its entry, and the words of its stage."""

    entry_id: str
    stage: str


def stage_of(offer: Offer, need: Need) -> At | None:
    """For the page of a match, which shows one firm; None of one that is not in."""
    read = select(*of_need(offer)).where(Need.id == need.id)
    return stage_beside(db.session.execute(read).one())


def stage_beside(read: Sequence[Any]) -> At | None:
    """The same where it was read with a request, or with the needs of a list; else ()."""
    if not read:
        return None
    entry_id, code, name = read
    return At(entry_id, _stage_words(code, name)) if entry_id else None


def rows_of(
    entries: Sequence[PipelineEntry],
    stages: Sequence[PipelineStage],
    standings: Standings,
    organisation_id: str,
) -> list[EntryRow]:
    by_id = {one.id: one for one in stages}
    return [
        row_of(one, by_id[one.stage_id], standings.get(one.need_id), organisation_id)
        for one in entries
    ]


def row_of(
    entry: PipelineEntry, stage: PipelineStage, standing: Standing | None, organisation_id: str
) -> EntryRow:
    party, party_lang = _party(entry, standing)
    seen, need = _may_be_seen(entry), entry.need
    asked = standing.request if standing else None
    return EntryRow(
        entry=entry,
        url=url_for("screening.entry", public_id=organisation_id, entry_id=entry.public_id),
        party=party,
        party_lang=party_lang,
        title=title_of(need) if seen else _("A need that is not shown now"),
        title_lang=need.lang if seen else None,
        about=_about(entry) if seen else "",
        stage_key=key_of(stage),
        stage=stage_name(stage),
        request=words.state_word(asked, clock.now()) if asked else "",
        request_url=url_for("contacts.request_page", public_id=asked.public_id) if asked else None,
        match_url=pair_url("suggestions.match_page", need, entry.offer, Side.OFFER)
        if is_live(need)
        else None,
        gone=_gone(entry),
        reason=_reason(entry),
        assignee=called(entry.assignee) if entry.assignee else "",
    )


def _may_be_seen(entry: PipelineEntry) -> bool:
    need = entry.need
    return need.organisation.is_published and need.state is not PublicationState.DRAFT


def _party(entry: PipelineEntry, standing: Standing | None) -> tuple[str, str | None]:
    """The name where the firm shows it to all or released it to us; else what it does, where."""
    if not _may_be_seen(entry):
        return _("A firm"), None
    firm = entry.need.organisation
    if standing is not None and standing.name_released:
        return firm.name, firm.name_lang
    party = parties.party_of(firm, as_offerer=False)
    return party.words, party.lang or None


def _about(entry: PipelineEntry) -> str:
    band = usd_band(need_band(entry.need)) if entry.need.band_low is not None else ""
    return " · ".join(filter(None, [parties.kind_words(entry.need), band]))


def _gone(entry: PipelineEntry) -> str:
    need = entry.need
    if is_live(need):
        return ""
    if not need.organisation.is_published:
        return _("Not shown now")
    return {
        PublicationState.DRAFT: _("Taken back"),
        PublicationState.PAUSED: _("Paused by the firm"),
        PublicationState.CLOSED: _("Closed by the firm"),
        PublicationState.EXPIRED: _("No longer published"),
    }.get(need.state, _("No longer published"))


def _reason(entry: PipelineEntry) -> str:
    return DECLINE_REASONS.label(entry.passed.reason, locale_code()) if entry.passed else ""


def undo_of(entries: Sequence[PipelineEntry]) -> str | None:
    """The newest bulk pass among these that may still be taken back."""
    found = [one.passed for one in entries if one.passed and passing.may_undo(one.passed)]
    return max(found, key=lambda one: one.id).public_id if found else None


def timeline(events: Sequence[EntryEvent]) -> list[Line]:
    return [
        Line(
            when=on_day(event.at),
            when_iso=event.at.isoformat(timespec="seconds"),
            title=_title(event),
            by=called(event.account) if event.account else _("A former colleague"),
            text=event.text,
            lang=event.lang,
            state="ask" if event.kind is EntryEventKind.NOTE else "",
        )
        for event in events
    ]


def _title(event: EntryEvent) -> str:
    if event.kind is EntryEventKind.MOVED:
        if event.stage is None:
            return _("Moved to a stage that was removed since")
        return _("Moved to: %(stage)s", stage=stage_name(event.stage))
    return {
        EntryEventKind.PUT_IN: _("Put in the pipeline"),
        EntryEventKind.NOTE: _("Note"),
        EntryEventKind.PASSED: _("Passed together with others"),
        EntryEventKind.UNDONE: _("The pass was taken back"),
    }[event.kind]


def is_late(task: EntryTask) -> bool:
    return task.due_on < clock.today()
