"""Papers between the two sides: sharing, taking back, opening, and asking for more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.errors import AskedAlreadyError, TooManyAsksError
from matchmaker.contacts.evidence_forms import AnswerForm, AskMoreForm
from matchmaker.contacts.models import EvidenceAsk, StandardQuestion
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import evidence, evidence_asks
from matchmaker.contacts.services.evidence_asks import Wanted
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.contacts.views import papers
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.evidence_files.sending import Ready
from matchmaker.organisations.models import EvidenceFile, OpenedAs
from matchmaker.organisations.services.evidence_opening import log_opening
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import redirect

UNPROCESSABLE = 422


@bp.get("/requests/<string:public_id>/evidence")
@signed_in
def evidence_page(public_id: str) -> ResponseReturnValue:
    return _page(_in_touch(public_id), AskMoreForm(formdata=None))


@bp.post("/requests/<string:public_id>/evidence/share")
@signed_in
def share_evidence(public_id: str) -> ResponseReturnValue:
    own = _in_touch(public_id)
    ticked = request.form.getlist("file")[:100]

    def step() -> None:
        evidence.share(db.session(), own.request, own.actor, ticked)

    return _done(own, step, _("They can open it now. You see here when they do."))


@bp.post("/requests/<string:public_id>/evidence/take-back")
@signed_in
def take_back_evidence(public_id: str) -> ResponseReturnValue:
    own = _in_touch(public_id)

    def step() -> None:
        evidence.take_back(db.session(), own.request, own.actor, request.form.getlist("file")[:100])

    return _done(own, step, _("They can no longer open it."))


@bp.get("/requests/<string:public_id>/evidence/<string:file_id>")
@signed_in
def open_evidence(public_id: str, file_id: str) -> ResponseReturnValue:
    """Written down before a byte is sent; revoked, missing and a stranger's are the same 404."""
    own = access.own_request(public_id)
    viewer = own.actor.side
    file = evidence.file_for(db.session(), own.request, viewer, file_id) or abort(404)
    ready = Ready(file)
    try:
        if not _logged(own, file):
            abort(404)
        return ready.answer(download="download" in request.args)
    except BaseException:
        ready.close()
        raise


def _logged(own: OwnRequest, file: EvidenceFile) -> bool:
    request_id, file_id = own.request.id, file.id
    # On PostgreSQL the log would otherwise wait beside a reading transaction that stays open.
    db.session.commit()
    return log_opening(
        db.engine,
        file,
        account_id=own.actor.account_id or 0,
        opened_as=OpenedAs.COUNTERPART,
        viewer_organisation_id=own.request.organisation_id(own.actor.side),
        allowed=lambda session: evidence.still_shared(session, request_id, file_id),
    )


@bp.post("/requests/<string:public_id>/asks")
@signed_in
def ask_for_more(public_id: str) -> ResponseReturnValue:
    own = _in_touch(public_id)
    kept = _kept_question(own)
    form = AskMoreForm(formdata=None) if kept else AskMoreForm()
    if kept is None and not form.validate():
        return _page(own, form, UNPROCESSABLE)
    wanted = _wanted(kept or form)
    try:
        evidence_asks.ask(db.session(), own.request, own.actor, wanted)
        room = not form.keep.data or _keep(own, wanted)
    except (AskedAlreadyError, TooManyAsksError) as error:
        db.session.rollback()
        form.question.errors = [_refused(error)]
        return _page(access.own_request(public_id), form, UNPROCESSABLE)
    except WrongState:
        return _overtaken(own)
    db.session.commit()
    flash(_("Asked. They see it with your reason."), "success")
    if not room:
        flash(_("You keep 20 questions already. Remove one to keep another."), "error")
    return redirect(_url(own))


def _kept_question(own: OwnRequest) -> StandardQuestion | None:
    """One of the asking organisation's own, when its button was pressed."""
    key = request.form.get("standard", "")
    if not key:
        return None
    kept = evidence_asks.questions(db.session(), own.request.organisation_id(own.actor.side))
    return next((row for row in kept if row.public_id == key), None) or abort(404)


def _wanted(said: StandardQuestion | AskMoreForm) -> Wanted:
    if isinstance(said, StandardQuestion):
        return Wanted(said.fact, said.question, said.why)
    return Wanted(said.fact.data or "", said.question.data or "", said.why.data or "")


def _keep(own: OwnRequest, wanted: Wanted) -> bool:
    mine = own.request.organisation_id(own.actor.side)
    return evidence_asks.keep_question(db.session(), mine, own.actor.account_id or 0, wanted)


def _refused(error: Exception) -> str:
    if isinstance(error, AskedAlreadyError):
        return _("You have asked for this already. Wait for their answer, or take it back.")
    return _("Ten of your questions wait for an answer. Wait for one, or take one back.")


@bp.post("/requests/<string:public_id>/asks/<string:ask_id>/answer")
@signed_in
def answer_ask(public_id: str, ask_id: str) -> ResponseReturnValue:
    own = _in_touch(public_id)
    ask = _find(own, ask_id, other(own.actor.side))
    form = AnswerForm(ask)
    if not form.validate():
        return _page(own, AskMoreForm(formdata=None), UNPROCESSABLE, answering=form)

    def step() -> None:
        evidence_asks.answer(db.session(), own.request, own.actor, ask.id, form.answer.data or "")

    return _done(own, step, _("Answered. They were told."))


@bp.post("/requests/<string:public_id>/asks/<string:ask_id>/withdraw")
@signed_in
def withdraw_ask(public_id: str, ask_id: str) -> ResponseReturnValue:
    own = _in_touch(public_id)
    ask = _find(own, ask_id, own.actor.side)

    def step() -> None:
        evidence_asks.withdraw(db.session(), own.request, own.actor, ask.id)

    return _done(own, step, _("You ask no more for it."))


def _in_touch(public_id: str) -> OwnRequest:
    """Papers go over only after a yes."""
    own = access.own_request(public_id)
    if own.request.state not in IN_TOUCH:
        abort(404)
    return own


def _find(own: OwnRequest, ask_id: str, asked_by: Any) -> EvidenceAsk:
    return evidence_asks.find(db.session(), own.request, ask_id, asked_by) or abort(404)


def _done(own: OwnRequest, step: Callable[[], None], words: str) -> ResponseReturnValue:
    try:
        step()
    except WrongState:
        return _overtaken(own)
    db.session.commit()
    flash(words, "success")
    return redirect(_url(own))


def _overtaken(own: OwnRequest) -> ResponseReturnValue:
    """Somebody was first: the page says how it stands now."""
    db.session.rollback()
    own = access.own_request(own.request.public_id)
    return _page(own, AskMoreForm(formdata=None), 409, stale=True)


def _url(own: OwnRequest) -> str:
    return url_for("contacts.request_page", public_id=own.request.public_id, _anchor="evidence")


def _page(
    own: OwnRequest,
    form: AskMoreForm,
    status: int = 200,
    *,
    answering: AnswerForm | None = None,
    stale: bool = False,
) -> ResponseReturnValue:
    with looking():
        mine = own.request.organisation_id(own.actor.side)
        page = render_template(
            "contacts/evidence.html",
            row=own.request,
            form=form,
            stale=stale,
            standard=evidence_asks.questions(db.session(), mine),
            **papers.facts(own, answering),
        )
    return Response(page, status)
