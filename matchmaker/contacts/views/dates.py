"""Times to meet: proposed, taken, called off, and carried into a calendar."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.contacts import access, calendar_file, words
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.conversation_forms import AnswerDatesForm, DatesForm
from matchmaker.contacts.errors import BadAnswerError, MeetingOpenError
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import meetings, telling
from matchmaker.contacts.services.meetings import Proposal
from matchmaker.contacts.views.answer import done
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.conversation import in_touch
from matchmaker.contacts.views.request_page import show
from matchmaker.extensions import db
from matchmaker.web.access import signed_in

#: Instead of a time: none of them.
NONE = "none"


@bp.post("/requests/<string:public_id>/dates")
@signed_in
def propose_dates(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    zone = current_account().time_zone
    form = DatesForm(zone)
    if not form.validate():
        return show(own, 422, dates_form=form)
    made = Proposal(form.moments, zone, form.place.data or "", bool(form.by_telephone.data))

    def step() -> None:
        meetings.propose(db.session(), own.request, own.actor, made)

    try:
        return done(own, step, _("They were told of your times, and can take one."))
    except MeetingOpenError:
        db.session.rollback()
        form.form_errors.append(
            _("There are times on the table already. Answer those first, or call them off.")
        )
        return show(access.own_request(public_id), 422, dates_form=form)


@bp.post("/requests/<string:public_id>/dates/answer")
@signed_in
def answer_dates(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    form = AnswerDatesForm()
    if not form.validate():
        return show(own, 422)
    key, at = form.meeting.data, form.time.data
    if at == NONE:
        said = _("They were told that none of the times suits.")
        return done(own, lambda: meetings.refuse(db.session(), own.request, own.actor, key), said)
    return _taken(own, lambda: meetings.take(db.session(), own.request, own.actor, key, at))


def _taken(own: OwnRequest, step: Callable[[], None]) -> ResponseReturnValue:
    public_id = own.request.public_id
    try:
        return done(own, step, _("You meet. They were told, and you can put it in your calendar."))
    except BadAnswerError:
        db.session.rollback()
        return show(access.own_request(public_id), 409, stale=True)


@bp.post("/requests/<string:public_id>/dates/call-off")
@signed_in
def call_off_date(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    key = request.form.get("meeting", "")[:20]

    def step() -> None:
        meetings.call_off(db.session(), own.request, own.actor, key)

    return done(own, step, _("Called off. They were told."))


@bp.get("/requests/<string:public_id>/dates.ics")
@signed_in
def date_calendar(public_id: str) -> ResponseReturnValue:
    """For the two sides only; what was called off has no file."""
    own = in_touch(public_id)
    live = own.request.meeting
    if live is None or live.starts_at is None:
        abort(404)
    party = telling.party(db.session(), own.request, other(own.actor.side))
    text = calendar_file.calendar(
        live,
        summary=_("Meeting with %(party)s", party=words.in_words(party)),
        url=url_for("contacts.request_page", public_id=public_id, _external=True),
        where=_("By telephone") if live.by_telephone else live.place,
        host=request.host,
    )
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return Response(text, mimetype="text/calendar", headers=headers)
