"""The sentences of the room: states, history, and why something cannot be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.contacts import errors, fields
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import reading
from matchmaker.language.masking import mask_contacts
from matchmaker.notifications.facts import words as spoken
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.reasons import DECLINE_REASONS, OUTCOMES
from matchmaker.web.filters import ngettext, on_day
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the history, in the shape that the timeline component reads."""

    when: str
    when_iso: str
    title: str
    by: str = ""
    text: str = ""
    lang: str = ""
    state: str = ""


def in_words(party: str | dict[str, str]) -> str:
    """The other side as this reader may know it."""
    return spoken({"party": party}, locale_code())["party"]


def waiting_lines(session: Session, ids: Collection[int]) -> dict[int, str]:
    """What waits for an answer at each of these organisations."""
    return {
        one: ngettext("%(num)s request waits", "%(num)s requests wait", count)
        for one, count in reading.waiting_by_organisation(session, ids).items()
    }


def state_sentence(request: ContactRequest, viewer: Side, now: datetime) -> str:
    asker = viewer is request.asked_by
    until = on_day(request.expires_at)
    if request.state is RequestState.SENT and request.expires_at > now:
        if asker:
            return _("Waiting for their answer until %(day)s.", day=until)
        return _("They wait for your answer until %(day)s.", day=until)
    if request.state is RequestState.ACCEPTED:
        return _("They said yes.") if asker else _("You said yes.")
    if request.state is RequestState.DECLINED:
        reason = DECLINE_REASONS.label(request.decline_reason, locale_code())
        if asker:
            return _("They said no. Their reason: %(reason)s.", reason=reason)
        return _("You said no. Your reason: %(reason)s.", reason=reason)
    if request.state is RequestState.WITHDRAWN:
        return _("You took it back.") if asker else _("They took it back.")
    if request.state is RequestState.CLOSED:
        return _("You were in touch, and what came of it is said.")
    return _("No answer came in time.") if asker else _("You did not answer in time.")


def state_word(request: ContactRequest, now: datetime) -> str:
    if request.state is RequestState.SENT and request.expires_at <= now:
        return _("No answer")
    return {
        RequestState.SENT: _("Waiting"),
        RequestState.ACCEPTED: _("In touch"),
        RequestState.DECLINED: _("Declined"),
        RequestState.WITHDRAWN: _("Taken back"),
        RequestState.EXPIRED: _("No answer"),
        RequestState.CLOSED: _("Closed"),
    }[request.state]


def timeline(events: list[ContactEvent], viewer: Side) -> list[Line]:
    return [_line(event, viewer) for event in events]


def _line(event: ContactEvent, viewer: Side) -> Line:
    who = _("You") if event.side is viewer else _("The other side")
    return Line(
        when=on_day(event.at),
        when_iso=event.at.isoformat(timespec="seconds"),
        title=_title(event),
        by=who if event.side else _("The programme"),
        state=_STATES.get(event.kind, ""),
    )


_STATES = {
    EventKind.ACCEPTED: "ok",
    EventKind.DECLINED: "bad",
    EventKind.EXPIRED: "bad",
    EventKind.NUDGED: "ask",
    EventKind.DATE_TAKEN: "ok",
    EventKind.STILL_ON: "ask",
    EventKind.BLOCKED: "bad",
}


def _title(event: ContactEvent) -> str:
    language = locale_code()
    field = fields.FIELDS.get(event.code)
    name = str(field.label) if field else EVIDENCE.label(event.code, language)
    return {
        EventKind.SENT: _("Asked"),
        EventKind.SEEN: _("Opened for the first time"),
        EventKind.REMINDED: _("A reminder was sent"),
        EventKind.NUDGED: _("The programme asked for an answer"),
        EventKind.ACCEPTED: _("Said yes"),
        EventKind.DECLINED: _(
            "Said no: %(reason)s", reason=DECLINE_REASONS.label(event.code, language)
        ),
        EventKind.WITHDRAWN: _("Took it back"),
        EventKind.EXPIRED: _("Ended without an answer"),
        EventKind.RELEASED: _("Shared: %(field)s", field=name),
        EventKind.REVOKED: _("No longer shares: %(field)s", field=name),
        EventKind.OUTCOME: _(
            "What came of it: %(outcome)s", outcome=OUTCOMES.label(event.code, language)
        ),
        EventKind.CLOSED: _("Closed"),
        EventKind.DATES_PROPOSED: _("Proposed times to meet"),
        EventKind.DATE_TAKEN: _("Took a time to meet"),
        EventKind.DATES_REFUSED: _("None of the times suited"),
        EventKind.DATE_OFF: _("Called the meeting off"),
        EventKind.STILL_ON: _("Both were asked whether they still talk"),
        EventKind.BLOCKED: _("Ended the conversation"),
        EventKind.UNBLOCKED: _("Opened the conversation again"),
        EventKind.ASKED_FOR_MORE: _("Asked for more: %(piece)s", piece=name)
        if event.code
        else _("Asked a question"),
        EventKind.ANSWERED_MORE: _("Answered a question"),
        EventKind.HANDED_OVER: _("Handed over to a colleague"),
    }[event.kind]


def why_not(error: errors.CannotAskError) -> str:
    """The reason, and when or how it goes away."""
    if isinstance(error, errors.FrozenError):
        if error.until is None:
            return _("The two of you are not suggested to each other.")
        return _(
            "One of you said no not long ago. You can ask again from %(day)s.",
            day=on_day(error.until),
        )
    if isinstance(error, errors.AskedAboutAnotherError):
        return _(
            "A request about their offer “%(offer)s” is open between you already.",
            offer=mask_contacts(error.title),
        )
    sentences: dict[type[errors.CannotAskError], str] = {
        errors.NotOpenError: _(
            "The need or the offer is not open now. It may have been paused or closed."
        ),
        errors.OwnPairError: _("Both sides are the same organisation."),
        errors.NotDeployingError: _("They take no new requests at present."),
        errors.NoPlacesError: _(
            "All their places for this month are taken. New ones open on the first of next month."
        ),
        errors.SenderLimitError: _(
            "You have sent as many requests as one may in a day. You can go on tomorrow."
        ),
        errors.ReceiverLimitError: _(
            "They have many requests that they have not opened yet. Try again tomorrow."
        ),
    }
    return sentences.get(type(error), _("This cannot be asked now."))
