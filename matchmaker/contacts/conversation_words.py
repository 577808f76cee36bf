"""The words of a conversation: its messages, its times in two time zones, its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.contacts.models import ContactRequest, Meeting, MeetingState, ReportReason
from matchmaker.contacts.services.messages import MessagePage
from matchmaker.contacts.services.moves import Actor
from matchmaker.suggestions.models import Side

REPORT_REASONS = (
    (ReportReason.FEE.value, _l("They ask for money to be shown or introduced")),
    (ReportReason.RUDE.value, _l("Rude or threatening words")),
    (ReportReason.FALSE.value, _l("They are not who they say they are")),
    (ReportReason.SPAM.value, _l("Advertising, or the same words to everybody")),
    (ReportReason.OTHER.value, _l("Something else")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a reader sees it."""

    public_id: str
    text: str
    lang: str
    when: str
    when_iso: str
    by: str
    by_lang: str | None
    mine: bool
    unread: bool
    #: The writer's account was erased, and the text with it.
    left: bool
    #: Papers that came with it: public id of the file, and which paper it is.
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Time:
    """One time to meet: by the reader's clock, and by the proposer's where it differs."""

    value: str
    here: str
    there: str
    past: bool


def report_reason(reason: ReportReason) -> str:
    return str(dict(REPORT_REASONS)[reason.value])


def lines(
    page: MessagePage, reader: Actor, party: str, party_lang: str | None, zone: str
) -> list[Line]:
    """Of the other side the name that was released; of one's own side the person."""
    found = []
    for written in page.rows:
        row = written.message
        ours, left = row.side is reader.side, written.by is None
        mine = ours and row.account_id == reader.account_id
        colleague = written.by or _("A colleague")
        by = _("Somebody who left") if left else colleague if ours else party
        found.append(
            Line(
                public_id=row.public_id,
                text=row.text,
                lang=row.lang,
                when=_at(row.at, zone),
                when_iso=row.at.isoformat(timespec="seconds"),
                by=_("You") if mine else by,
                by_lang=None if ours or left else party_lang,
                mine=ours,
                unread=not ours and row.id > page.read_id,
                left=left,
                files=row.files,
            )
        )
    return found


def _at(moment: datetime, zone: str) -> str:
    here, locale = moment.astimezone(ZoneInfo(zone)), _locale()
    day = format_date(here, "medium", locale=locale)
    return f"{day}, {format_time(here, 'short', locale=locale)}"


def _locale() -> Locale:
    """Day before month for English readers here, as everywhere on these pages."""
    found = get_locale() or Locale("en")
    return Locale("en", "GB") if found.language == "en" else found


def times(meeting: Meeting, reader_zone: str, now: datetime) -> list[Time]:
    moments = [meeting.starts_at] if meeting.starts_at else meeting.moments
    both = meeting.time_zone != reader_zone
    return [
        Time(
            value=moment.isoformat(),
            here=by_clock(moment, reader_zone),
            there=by_clock(moment, meeting.time_zone) if both else "",
            past=moment <= now,
        )
        for moment in moments
    ]


def by_clock(moment: datetime, zone: str) -> str:
    """A moment by the clock of a place, with the name of the place."""
    here, locale = moment.astimezone(ZoneInfo(zone)), _locale()
    return _(
        "%(day)s, %(time)s (%(city)s time)",
        day=format_date(here, "full", locale=locale),
        time=format_time(here, "short", locale=locale),
        city=city(zone),
    )


def city(zone: str) -> str:
    return get_timezone_location(ZoneInfo(zone), locale=_locale(), return_city=True)


def meeting_sentence(meeting: Meeting, viewer: Side) -> str:
    mine = meeting.side is viewer
    if meeting.state is MeetingState.TAKEN:
        return _("You meet at this time:")
    return (
        _("You proposed these times. They have not answered yet:")
        if mine
        else _("They propose these times. Take one, or say that none suits:")
    )


def where(meeting: Meeting) -> str:
    return _("By telephone") if meeting.by_telephone else meeting.place


def closed_sentence(request: ContactRequest, viewer: Side) -> str:
    """Why nobody can write here any more."""
    if request.blocked_by is viewer:
        return _("You ended this conversation. Nobody can write here. You can take that back.")
    if request.blocked_by is not None:
        return _("They ended this conversation. Nobody can write here.")
    return _("This conversation is closed. You can still read it.")
