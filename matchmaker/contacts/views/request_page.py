"""One request: what it says, what is shared, what happened, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from flask import Response, after_this_request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from matchmaker.contacts import (
    access,
    fields,
    outcome_words,
    services,
    set_words,
    story_words,
    words,
)
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.forms import AcceptForm, DeclineForm, OutcomeForm, StoryForm
from matchmaker.contacts.models import ContactRequest, Outcome, StoryState
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import (
    Shown,
    outcomes,
    quiet,
    reading,
    releases,
    seeing,
    stories,
    telling,
)
from matchmaker.contacts.views import papers, talk
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.contacts.ways_on import ways_on
from matchmaker.extensions import clock, db
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.forms.capacity import CapacityForm, state_words
from matchmaker.organisations.forms.member import called
from matchmaker.organisations.services import capacity
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.records import need_band
from matchmaker.suggestions.services import match
from matchmaker.suggestions.words.kept import kept_reasons
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import render

log = structlog.get_logger()


@bp.get("/requests/<string:public_id>")
@signed_in
def request_page(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    if own.request.seen_at is None and own.actor.side is own.request.asked:
        _note_seen_later(own)
    return show(own)


def show(own: OwnRequest, status: int = 200, **forms: Any) -> Response:
    """The page as it stands now; `stale` says that somebody else was first."""
    with looking():
        both = papers.facts(own)
        found = _facts(own) | both | talk.facts(own, both["papers"]) | _sharing(own) | _forms(own)
        page, region = "contacts/request.html", "contacts/_request.html"
        return render(page, region, status, **(found | forms))


def _facts(own: OwnRequest) -> dict[str, Any]:
    row, viewer, now = own.request, own.actor.side, clock.now()
    events = reading.history(db.session(), row)
    party = telling.party(db.session(), row, other(viewer))
    at_desk = viewer is Side.OFFER and own.of_offering_team and _offers(row)
    return {
        "row": row,
        # Each side knows its own: the page is named after the other side's.
        "about": row.offer if viewer is Side.NEED else row.need,
        "party": words.in_words(party),
        "party_lang": row.organisation(other(viewer)).name_lang if isinstance(party, str) else None,
        "message": _message(own),
        "band": need_band(row.need),
        "for_whom": own.for_whom,
        "i_asked": viewer is row.asked_by,
        "i_offer": viewer is Side.OFFER,
        "at_desk": at_desk,
        # Nobody else is told where it stands there.
        "beside": own.beside if at_desk else (),
        "answerable": row.is_answerable(now),
        "may_answer": row.is_answerable(now) and row.asked in own.sides,
        "may_withdraw": row.is_answerable(now) and row.asked_by in own.sides,
        "in_touch": row.state in releases.IN_TOUCH,
        "sentence": words.state_sentence(row, viewer, now),
        "history": words.timeline(events, viewer),
        "keeper": _keeper(own),
        "still_on": quiet.is_asked(row, events),
        "ways": ways_on(db.session(), row, viewer),
        # A match whose other side is no longer open has no page; what was kept of it stays.
        "live": row.need.kind is row.offer.kind
        and match.is_live(row.offer if viewer is Side.NEED else row.need),
        "kept": kept_reasons(row.reasons),
        "stale": False,
        "set_lines": set_words.set_lines(db.session(), row, viewer),
    }


def _keeper(own: OwnRequest) -> str:
    """Whoever of one's own side looks after it, where that is somebody else."""
    person = own.request.keeper(own.actor.side)
    return "" if person is None or person.id == own.actor.account_id else called(person)


def _offers(row: ContactRequest) -> bool:
    return row.offer_organisation.is_funder or row.offer_organisation.is_provider


def _message(own: OwnRequest) -> str:
    """The writer sees the whole; the other side sees telephone and e-mail only after a yes."""
    row = own.request
    if own.actor.side is row.asked_by or row.state in releases.IN_TOUCH:
        return row.message
    return mask_contacts(row.message)


def _sharing(own: OwnRequest) -> dict[str, Any]:
    mine = services.given(db.session(), own.request, own.actor.side)
    have = fields.available(own.request.organisation(own.actor.side), own.actor.side)
    shown, log_failed = _logged(own, services.visible(db.session(), own.request, own.actor.side))
    return {
        "shown": shown,
        "log_failed": log_failed,
        "given": mine,
        "reachable": any(field.name in fields.WAYS for field in mine),
        "not_given": [field for field in have if field.name not in {f.name for f in mine}],
    }


def _logged(own: OwnRequest, shown: list[Shown]) -> tuple[list[Shown], bool]:
    """Nothing is shown that could not be written down first."""
    if not shown:
        return [], False
    try:
        services.log_view(db.engine, own.request, own.actor, shown)
    except OperationalError:
        log.warning("contact_view_not_logged", request=own.request.id)
        return [], True
    return shown, False


def _forms(own: OwnRequest) -> dict[str, Any]:
    have = fields.available(own.request.organisation(own.request.asked), own.request.asked)
    return {
        "accept_form": AcceptForm(have, formdata=None),
        "promised": releases.promised(own.request),
        "promised_ways": releases.promised_ways(own.request),
        "decline_form": DeclineForm(formdata=None),
        **_capacity(own),
        **_outcomes(own),
    }


def _capacity(own: OwnRequest) -> dict[str, Any]:
    """How many requests the offer takes: within an answer, and afterwards."""
    offer, now = own.request.offer, clock.now()
    return {
        "accept_capacity": CapacityForm(offer, now, prefix="yes-", formdata=None),
        "decline_capacity": CapacityForm(offer, now, prefix="no-", formdata=None),
        "capacity_form": CapacityForm(offer, now, formdata=None),
        "capacity_now": state_words(offer, now),
        "capacity_limited": not offer.deploying or capacity.is_limited(offer, now),
    }


def _outcomes(own: OwnRequest) -> dict[str, Any]:
    """What each side says came of it, and the form to say it; once they are in touch."""
    row = own.request
    if row.state not in releases.IN_TOUCH:
        return {}
    said, currency = outcomes.sayings(db.session(), row), row.need.currency
    return _story(own, said) | {
        "came_of_it": outcome_words.came_of_it(said, own.actor.side, currency),
        "outcome_form": OutcomeForm(
            outcome_words.bands_in(currency), formdata=None, currency=currency
        ),
    }


def _story(own: OwnRequest, said: Sequence[Outcome]) -> dict[str, Any]:
    """Only what both confirmed as agreed is told to others."""
    if not stories.may_be_told(said):
        return {"may_tell": False}
    story, side = stories.of_request(db.session(), own.request), own.actor.side
    return {
        "may_tell": True,
        "story_state": story_words.state_sentence(story, side),
        "story_mine": story.part(side) if story else None,
        "story_sent_back": story is not None and story.state is StoryState.SENT_BACK,
        "story_form": StoryForm(side, formdata=None),
    }


def _note_seen_later(own: OwnRequest) -> None:
    """After the answer, in a short transaction of its own: reading must not wait for writing."""
    request_id, actor = own.request.id, own.actor

    @after_this_request
    def write(response: Response) -> Response:
        try:
            seeing.note_seen(db.engine, request_id, actor)
        except OperationalError:
            log.info("seen_not_noted", request=request_id)
        return response
