"""What is done about a request: yes, no, back, shared, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access, fields, services
from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.forms import AcceptForm, DeclineForm
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.request_page import show
from matchmaker.errors import NotAllowed, WrongState
from matchmaker.extensions import clock, db
from matchmaker.organisations.forms.capacity import CapacityForm
from matchmaker.suggestions.models import Side
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import redirect


@bp.post("/requests/<string:public_id>/accept")
@signed_in
def accept(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    actor = own.as_side(own.request.asked)
    form = AcceptForm(fields.available(own.request.organisation(actor.side), actor.side))
    capacity = capacity_form(own.request, "yes")
    if not all([form.validate(), capacity.validate()]):
        return show(own, 422, accept_form=form, accept_capacity=capacity)

    def step() -> None:
        services.accept(db.session(), own.request, actor, form.fields.data or [])
        _set_capacity(own.request, actor, capacity)

    try:
        said = _("You said yes. Both of you can now see what the other shares.")
        return done(own, step, said)
    except BadAnswerError:
        db.session.rollback()
        form.fields.errors = [
            _(
                "Tick at least one way to reach you: they have promised none,"
                " and somebody has to begin."
            )
        ]
        return show(access.own_request(public_id), 422, accept_form=form)


@bp.post("/requests/<string:public_id>/decline")
@signed_in
def decline(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    actor = own.as_side(own.request.asked)
    form, capacity = DeclineForm(), capacity_form(own.request, "no")
    if not all([form.validate(), capacity.validate()]):
        return show(own, 422, decline_form=form, decline_capacity=capacity)

    def step() -> None:
        reason, word = form.reason.data or "", form.note.data or ""
        blocked = bool(form.block.data)
        services.decline(db.session(), own.request, actor, reason, word, block=blocked)
        _set_capacity(own.request, actor, capacity)

    return done(own, step, _("You said no. They were told why, and shown other ways on."))


@bp.post("/requests/<string:public_id>/capacity")
@signed_in
def capacity(public_id: str) -> ResponseReturnValue:
    """Changed after the answer, on the page where it was given."""
    own = access.own_request(public_id)
    actor, form = own.as_side(Side.OFFER), capacity_form(own.request)
    if not form.validate():
        return show(own, 422, capacity_form=form)
    _set_capacity(own.request, actor, form)
    db.session.commit()
    flash(_("Saved. It holds from the next list on."), "success")
    return redirect(url_for("contacts.request_page", public_id=public_id, _anchor="capacity"))


@bp.post("/requests/<string:public_id>/withdraw")
@signed_in
def withdraw(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    actor = own.as_side(own.request.asked_by)

    def step() -> None:
        services.withdraw(db.session(), own.request, actor)

    return done(own, step, _("You took the request back."))


@bp.post("/requests/<string:public_id>/share")
@signed_in
def share(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)

    def step() -> None:
        services.share_more(db.session(), own.request, own.actor, _named_fields())

    return done(own, step, _("They can see it now."))


@bp.post("/requests/<string:public_id>/take-back")
@signed_in
def take_back(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)

    def step() -> None:
        services.revoke(db.session(), own.request, own.actor, _named_fields())

    return done(own, step, _("They can no longer see it."))


def _named_fields() -> list[str]:
    return [name for name in request.form.getlist("field") if name in fields.FIELDS]


def capacity_form(row: ContactRequest, prefix: str = "", **values: Any) -> CapacityForm:
    return CapacityForm(row.offer, clock.now(), prefix=f"{prefix}-" if prefix else "", **values)


def _set_capacity(row: ContactRequest, actor: services.Actor, form: CapacityForm) -> bool:
    """How many requests the offer takes from now on, in the transaction of the answer itself."""
    if actor.side is not Side.OFFER:
        return False
    return form.apply(db.session(), row.offer, actor.account_id, clock.now())


def done(own: OwnRequest, step: Callable[[], None], words: str) -> ResponseReturnValue:
    """Take the step and commit; when somebody was first, the page says what happened meanwhile."""
    public_id = own.request.public_id
    try:
        step()
    except WrongState:
        db.session.rollback()
        return show(access.own_request(public_id), 409, stale=True)
    except NotAllowed:
        db.session.rollback()
        abort(403)
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("contacts.request_page", public_id=public_id))
