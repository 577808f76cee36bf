"""What the page of a request shows of its conversation, for the page and for its regions."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, after_this_request, request
from sqlalchemy.exc import OperationalError

from matchmaker.accounts.access import current_account
from matchmaker.contacts import conversation_words, words
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.conversation_forms import DatesForm, MessageForm
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import messages, releases, telling
from matchmaker.contacts.services.messages import MessagePage
from matchmaker.contacts.views import papers
from matchmaker.contacts.views.papers import Papers
from matchmaker.extensions import clock, db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.services import reply_time

log = structlog.get_logger()


def facts(own: OwnRequest, found: Papers | None = None) -> dict[str, Any]:
    """Messages, the form beside them and the times to meet; nothing before a yes.

    `found`: the papers of both sides, where the page has read them already.
    """
    row, viewer = own.request, own.actor.side
    if row.state not in releases.IN_TOUCH:
        return {"may_write": False, "reply_hours": reply_hours(own)}
    known = papers.facts(own)["papers"] if found is None else found
    return {
        "row": row,
        "may_write": messages.is_open(row),
        "closed_words": conversation_words.closed_sentence(row, viewer),
        "ended_by_me": row.blocked_by is viewer,
        "message_form": MessageForm(papers.to_send(known), formdata=None),
        "reply_hours": reply_hours(own),
        "unsent": "",
        **shown(own, known),
        **_dates(own),
    }


def reply_hours(own: OwnRequest) -> float | None:
    """How long the other side typically takes to answer a request."""
    theirs = own.request.organisation(other(own.actor.side))
    return reply_time.median_hours(theirs.reply_bins)


def shown(own: OwnRequest, found: Papers | None = None) -> dict[str, Any]:
    """One page of messages: the newest, or those before `before`."""
    known = papers.facts(own)["papers"] if found is None else found
    row, side = own.request, other(own.actor.side)
    before = request.args.get("before", "")[:20] if request.method == "GET" else ""
    page = messages.page(db.session(), row, own.actor.account_id, before)
    party = telling.party(db.session(), row, side)
    lang = row.organisation(side).name_lang if isinstance(party, str) else None
    zone = current_account().time_zone
    lines = conversation_words.lines(page, own.actor, words.in_words(party), lang, zone)
    if not before and any(line.unread for line in lines):
        _note_read_later(own, page)
    return {
        "row": row,
        "talk": lines,
        "older": page.older,
        "before": before,
        # Whoever may no longer open a paper still reads that it came with the message.
        "may_open": papers.may_open(known),
        "words": evidence_words,
    }


def _dates(own: OwnRequest) -> dict[str, Any]:
    now, zone, live = clock.now(), current_account().time_zone, own.request.meeting
    found: dict[str, Any] = {
        "dates_form": DatesForm(zone, formdata=None),
        "my_city": conversation_words.city(zone),
        "meeting": None,
    }
    if live is None or live.is_past(now):
        return found
    return found | {
        "meeting": live,
        "meeting_times": conversation_words.times(live, zone, now),
        "meeting_words": conversation_words.meeting_sentence(live, own.actor.side),
        "meeting_where": conversation_words.where(live),
        "meeting_taken": live.starts_at is not None,
        "meeting_mine": live.side is own.actor.side,
        "may_call_off": live.starts_at is not None and messages.in_reach(own.request),
    }


def _note_read_later(own: OwnRequest, page: MessagePage) -> None:
    """After the answer, in a short transaction of its own: reading must not wait for writing."""
    request_id, account_id = own.request.id, own.actor.account_id

    @after_this_request
    def write(response: Response) -> Response:
        try:
            messages.note_read(db.engine, request_id, account_id or 0, page.newest_id)
        except OperationalError:
            log.info("read_not_noted", request=request_id)
        return response
