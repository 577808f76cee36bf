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
from matchmaker.extensions import clock, db
from matchmaker.organisations.services import reply_time

log = structlog.get_logger()


def facts(own: OwnRequest) -> dict[str, Any]:
    """Messages, the form beside them and the times to meet; nothing before a yes."""
    row, viewer = own.request, own.actor.side
    if row.state not in releases.IN_TOUCH:
        return {"may_write": False}
    return {
        "row": row,
        "may_write": messages.is_open(row),
        "closed_words": conversation_words.closed_sentence(row, viewer),
        "ended_by_me": row.blocked_by is viewer,
        "message_form": MessageForm(formdata=None),
        "reply_hours": reply_time.median_hours(row.organisation(other(viewer)).reply_bins),
        "unsent": "",
        **shown(own),
        **_dates(own),
    }


def shown(own: OwnRequest) -> dict[str, Any]:
    """One page of messages: the newest, or those before `before`."""
    row, side = own.request, other(own.actor.side)
    before = request.args.get("before", "")[:20] if request.method == "GET" else ""
    page = messages.page(db.session(), row, own.actor.account_id, before)
    party = telling.party(db.session(), row, side)
    lang = row.organisation(side).name_lang if isinstance(party, str) else None
    zone = current_account().time_zone
    lines = conversation_words.lines(page, own.actor, words.in_words(party), lang, zone)
    if not before and any(line.unread for line in lines):
        _note_read_later(own, page)
    return {"row": row, "talk": lines, "older": page.older, "before": before}


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
