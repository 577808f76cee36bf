"""Organisations that wait for a reviewer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import db
from matchmaker.organisations import disclosure, services, wording
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import showroom, twin
from matchmaker.organisations.services.errors import OwnCaseError
from matchmaker.programme import access, words
from matchmaker.programme.forms.staff import SendBackForm, SuspendForm
from matchmaker.programme.services import imports, reviewing
from matchmaker.programme.views.blueprint import bp
from matchmaker.web.access import staff


@bp.get("/programme/reviews")
@staff("viewer")
def reviews() -> ResponseReturnValue:
    session, scope = db.session(), access.own_scope()
    return render_template(
        "programme/reviews.html",
        imports=imports.waiting(session, scope),
        first=reviewing.first_publications(session, scope),
        second=reviewing.second_looks(session, scope),
        suspended=reviewing.suspended(session, scope),
    )


@bp.get("/programme/reviews/<public_id>")
@staff("viewer")
def review_page(public_id: str) -> ResponseReturnValue:
    return _page(access.organisation(public_id))


@bp.post("/programme/reviews/<public_id>/approve")
@staff("officer")
def review_approve(public_id: str) -> ResponseReturnValue:
    version = request.form.get("version", type=int)
    return _decide(public_id, services.approve, _("Published."), version=version)


@bp.post("/programme/reviews/<public_id>/looked-at")
@staff("officer")
def review_looked_at(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, services.second_look_done, _("Noted. It is off the list."))


@bp.post("/programme/reviews/<public_id>/reinstate")
@staff("officer")
def review_reinstate(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, services.reinstate, _("It is published again."))


@bp.post("/programme/reviews/<public_id>/send-back")
@staff("officer")
def review_send_back(public_id: str) -> ResponseReturnValue:
    form = SendBackForm()
    if not form.validate_on_submit():
        return _page(access.organisation(public_id), 422, send_back=form)
    return _decide(
        public_id, services.send_back, _("Sent back with your note."), note=form.note.data
    )


@bp.post("/programme/reviews/<public_id>/suspend")
@staff("officer")
def review_suspend(public_id: str) -> ResponseReturnValue:
    form = SuspendForm()
    if not form.validate_on_submit():
        return _page(access.organisation(public_id), 422, suspend=form)
    return _decide(
        public_id, services.suspend, _("Suspended. It is out of sight now."), note=form.why.data
    )


def _decide(
    public_id: str, step: Callable[..., None], done: str, **values: Any
) -> ResponseReturnValue:
    organisation = access.organisation(public_id)
    try:
        step(db.session(), organisation, current_account().id, **values)
    except OwnCaseError:
        db.session.rollback()
        flash(_("You belong to this organisation. Somebody else decides about it."), "error")
    except StaleVersion:
        db.session.rollback()
        flash(_("It was edited while you read. This is how it reads now."), "error")
    except WrongState:
        db.session.rollback()
        flash(_("Somebody else was first. This is how it stands now."), "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".review_page", public_id=public_id), 303)


def _page(found: Organisation, status: int = 200, **forms: Any) -> ResponseReturnValue:
    organisation = reviewing.with_parts(db.session(), found)
    ids = [(row.scheme, row.number) for row in organisation.business_ids]
    twins = twin.find_twins(
        db.session(),
        name=organisation.name,
        province=organisation.province,
        ids=ids,
        but=organisation.id,
    )
    context: dict[str, Any] = {
        "send_back": SendBackForm(formdata=None),
        "suspend": SuspendForm(formdata=None),
        "organisation": organisation,
        "role_words": words.roles,
        "card": disclosure.visible_fields(organisation, disclosure.Viewer.STAFF),
        "needs": [
            (need, disclosure.need_fields(need, disclosure.Viewer.STAFF))
            for need in organisation.needs
        ],
        "offers": [(offer, wording.rule_lines(offer)) for offer in organisation.offers],
        "showroom_code": showroom.open_code(db.session(), organisation),
        "twins": [one for one in twins if access.covers(one)],
        "twins_elsewhere": sum(not access.covers(one) for one in twins),
    }
    return render_template("programme/review.html", **(context | forms)), status
