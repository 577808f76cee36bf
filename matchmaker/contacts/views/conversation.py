"""Writing to each other after a yes, reading what is older, and ending it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.conversation_forms import MessageForm, ReportForm
from matchmaker.contacts.errors import (
    ClosedConversationError,
    MessageLimitError,
    ReportLimitError,
)
from matchmaker.contacts.models import Message, ReportReason
from matchmaker.contacts.services import blocking, messages
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.contacts.views import papers, talk
from matchmaker.contacts.views.answer import done
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.contacts.views.request_page import show
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.language.words import guess_language
from matchmaker.web import htmx
from matchmaker.web.access import signed_in

REGION = "contacts/_conversation.html"


@bp.get("/requests/<string:public_id>/messages")
@signed_in
def older_messages(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    return htmx.render("contacts/messages.html", "contacts/_messages.html", **talk.shown(own))


@bp.post("/requests/<string:public_id>/messages")
@signed_in
def write_message(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    form = MessageForm(papers.to_send(papers.facts(own)["papers"]))
    if not form.validate():
        return _answer(own, 422, message_form=form)
    text = form.message.data
    try:
        messages.write(
            db.session(), own.request, own.actor, text, guess_language(text), form.once.data,
            form.files.data or (),
        )  # fmt: skip
    except (ClosedConversationError, WrongState):
        db.session.rollback()
        return _answer(access.own_request(public_id), 409, unsent=text)
    except MessageLimitError:
        db.session.rollback()
        form.message.errors = [
            _("You have written as many messages today as one may. You can go on tomorrow.")
        ]
        return _answer(access.own_request(public_id), 422, message_form=form)
    db.session.commit()
    if form.files.data:
        # The list of papers they may open stands elsewhere on the page: all of it is shown anew.
        flash(_("Sent, with the papers you ticked."), "success")
        return htmx.redirect(url_for("contacts.request_page", public_id=public_id))
    return _answer(own, 200)


def _answer(own: OwnRequest, status: int, **forms: Any) -> Response:
    """The region alone for htmx; else the whole page, or the way back to it."""
    if htmx.wants_partial():
        with looking():
            return htmx.render("contacts/request.html", REGION, status, **talk.facts(own) | forms)
    if status == 200:
        public_id = own.request.public_id
        return htmx.redirect(
            url_for("contacts.request_page", public_id=public_id, _anchor="conversation")
        )
    return show(own, status, **forms)


@bp.route("/requests/<string:public_id>/report", methods=["GET", "POST"])
@signed_in
def report(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)
    message = _reported(own)
    form = ReportForm()
    if not form.validate_on_submit():
        return _report_page(own, form, message, 422 if form.is_submitted() else 200)
    reason, note = ReportReason(str(form.reason.data)), form.note.data or ""
    try:
        blocking.report(
            db.session(), own.request, own.actor, reason, note, guess_language(note), message
        )
    except ReportLimitError:
        db.session.rollback()
        form.reason.errors = [
            _("You have reported as often today as one may. Ask the programme for help instead.")
        ]
        own = access.own_request(public_id)
        return _report_page(own, form, _reported(own), 422)
    db.session.commit()
    flash(_("Thank you. The programme was told; the other side was not."), "success")
    return htmx.redirect(url_for("contacts.request_page", public_id=public_id))


def _reported(own: OwnRequest) -> Message | None:
    """The message it is about; without one, the whole conversation."""
    key = request.values.get("message", "")[:20]
    return (messages.find(db.session(), own.request, key) or abort(404)) if key else None


def _report_page(
    own: OwnRequest, form: ReportForm, message: Message | None, status: int
) -> Response:
    with looking():
        return htmx.render(
            "contacts/report.html",
            "contacts/_report.html",
            status,
            row=own.request,
            form=form,
            message=message,
        )


@bp.post("/requests/<string:public_id>/block")
@signed_in
def block(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)

    def step() -> None:
        blocking.block(db.session(), own.request, own.actor)

    said = _("You ended this conversation. The two of you are not suggested to each other again.")
    return done(own, step, said)


@bp.post("/requests/<string:public_id>/unblock")
@signed_in
def unblock(public_id: str) -> ResponseReturnValue:
    own = in_touch(public_id)

    def step() -> None:
        blocking.unblock(db.session(), own.request, own.actor)

    return done(own, step, _("The conversation is open again."))


def in_touch(public_id: str) -> OwnRequest:
    """There is a conversation only after a yes."""
    own = access.own_request(public_id)
    if own.request.state not in IN_TOUCH:
        abort(404)
    return own
