"""What somebody of a team did, in words: who, what and when; never what was written."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.contacts import fields
from matchmaker.contacts.services.team_log import Done
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.reasons import DECLINE_REASONS, OUTCOMES
from matchmaker.web.locale import locale_code

_WORDS = {
    "request.sent": _l("Asked"),
    "request.accepted": _l("Said yes"),
    "request.declined": _l("Said no"),
    "request.withdrawn": _l("Took it back"),
    "request.released": _l("Shared"),
    "request.revoked": _l("No longer shares"),
    "request.outcome": _l("Said what came of it"),
    "request.dates_proposed": _l("Proposed times to meet"),
    "request.date_taken": _l("Took a time to meet"),
    "request.dates_refused": _l("None of the times suited"),
    "request.date_off": _l("Called the meeting off"),
    "request.blocked": _l("Ended the conversation"),
    "request.unblocked": _l("Opened the conversation again"),
    "request.asked_for_more": _l("Asked for more"),
    "request.answered_more": _l("Answered a question"),
    "request.handed_over": _l("Took over from a colleague who left"),
    "message.sent": _l("Wrote a message"),
    "offer.capacity": _l("Changed how many requests you take"),
    "need.created": _l("Wrote a need"),
    "need.changed": _l("Changed a need"),
    "need.published": _l("Published a need"),
    "need.paused": _l("Paused a need"),
    "need.closed": _l("Closed a need"),
    "offer.created": _l("Wrote an offer"),
    "offer.changed": _l("Changed an offer"),
    "offer.published": _l("Published an offer"),
    "offer.paused": _l("Paused an offer"),
    "offer.closed": _l("Closed an offer"),
    "membership.added": _l("Let a colleague in"),
    "membership.changed": _l("Changed what a colleague may do"),
    "membership.removed": _l("Ended a membership"),
    "evidence.uploaded": _l("Added a paper"),
    "evidence.removed": _l("Took a paper away"),
    "organisation.changed": _l("Changed the profile"),
    "organisation.came_back": _l("Brought you back into the lists"),
    "self_check.finished": _l("Finished the self-check"),
    "self_check.shared": _l("Let matches use the self-check"),
    "self_check.unshared": _l("Stopped matches from using the self-check"),
    "showroom.opened": _l("Showed the showroom to everybody"),
    "showroom.closed": _l("Closed the showroom"),
    "consortium.joined": _l("Joined a group"),
    "consortium.left": _l("Left a group"),
    "introducer_link.made": _l("An introducer may act for you"),
    "introducer_link.ended": _l("An introducer no longer acts for you"),
}
_CAPACITY = {
    "none_this_month": _l("no more this month"),
    "places": _l("another number of places this month"),
    "not_now": _l("not taking requests now"),
    "again": _l("as before"),
}


@dataclass(frozen=True, slots=True)
class Line:
    by: str
    what: str
    detail: str
    when_iso: str
    url: str


def line(done: Done) -> Line:
    event = done.event
    return Line(
        by=done.by or _("Somebody acting for you"),
        what=str(_WORDS[event.event]),
        detail=_detail(event.event, event.code),
        when_iso=event.at.isoformat(timespec="seconds"),
        url=url_for(done.about[0], public_id=done.about[1]) if done.about else "",
    )


def _detail(event: str, code: str) -> str:
    """The code behind it, where it has words of its own."""
    language = locale_code()
    if event == "request.declined":
        return DECLINE_REASONS.label(code, language)
    if event == "request.outcome":
        return OUTCOMES.label(code, language)
    if event == "offer.capacity":
        return str(_CAPACITY.get(code, ""))
    if code in fields.FIELDS:
        return str(fields.FIELDS[code].label)
    return EVIDENCE.label(code, language) if code in EVIDENCE else ""
