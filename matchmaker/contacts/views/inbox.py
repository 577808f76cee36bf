"""The list of requests: received and sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.contacts import access, words
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import messages, reading
from matchmaker.contacts.services.reading import Box
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import clock, db
from matchmaker.organisations.access import my_organisations
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Side
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import render

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Row:
    request: ContactRequest
    title: str
    title_lang: str
    party: str
    party_lang: str | None
    state: str
    sentence: str
    unread: bool
    #: There is a message that this reader has not seen.
    message: bool
    #: Dates to meet, a paper or an answer: the other side waits for it.
    to_meet: bool
    to_tell: bool
    #: Whose request it is, where that is not the reader's one own organisation.
    for_whom: Organisation | None


@bp.get("/requests")
@signed_in
def requests() -> Response:
    box = Box.SENT if request.args.get("box") == "sent" else Box.RECEIVED
    mine, own = access.acting_ids(db.session(), current_account()), my_organisations()
    rows = reading.requests(db.session(), mine, box, PAGE_SIZE + 1, _before())
    named = reading.names_released(db.session(), [row.id for row in rows])
    to_meet, to_tell = reading.waiting_in(
        db.session(), mine, [row.id for row in rows if messages.is_open(row)]
    )
    account_id = current_account().id
    talks = messages.unread(db.session(), account_id, acting_for(account_id))
    return render(
        "contacts/requests.html",
        "contacts/_request_list.html",
        box=box.value,
        waiting=reading.waiting_count(db.session(), mine),
        rows=[
            _row(
                row,
                box,
                row.id in named,
                row.id in talks,
                to_meet=row.id in to_meet,
                to_tell=row.id in to_tell,
                own=own,
            )
            for row in rows[:PAGE_SIZE]
        ],
        older=rows[PAGE_SIZE - 1].public_id if len(rows) > PAGE_SIZE else None,
        organisations=own,
    )


def _before() -> int | None:
    """The request after which the page goes on; an unknown one starts at the top."""
    public_id = request.args.get("before", "")[:20]
    query = select(ContactRequest.id).where(ContactRequest.public_id == public_id)
    return db.session.scalar(query) if public_id else None


def _row(
    row: ContactRequest,
    box: Box,
    name_released: bool,
    message: bool,
    *,
    to_meet: bool,
    to_tell: bool,
    own: Sequence[Organisation],
) -> Row:
    viewer = row.asked_by if box is Box.SENT else row.asked
    now = clock.now()
    organisation = row.organisation(other(viewer))
    named = (
        viewer is Side.NEED or organisation.show_name or (name_released and row.state in IN_TOUCH)
    )
    theirs = row.offer if viewer is Side.NEED else row.need
    return Row(
        request=row,
        title=theirs.title,
        title_lang=theirs.lang,
        party=words.in_words(organisation.name if named else unnamed(organisation)),
        party_lang=organisation.name_lang if named else None,
        state=words.state_word(row, now),
        sentence=words.state_sentence(row, viewer, now),
        unread=box is Box.RECEIVED and row.state is RequestState.SENT and row.seen_at is None,
        message=message,
        to_meet=to_meet,
        to_tell=to_tell,
        for_whom=access.for_whom(row.organisation(viewer), own),
    )
