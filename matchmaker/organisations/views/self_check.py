"""The readiness self-check: a dimension a page, saved as one goes, and what came of it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import to_user_timezone
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import clock, db
from matchmaker.organisations.access import MEMBERS, Relation, own_organisation, relation_to, viewer
from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.forms.self_check import SharingForm, answers_of, page_form
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import self_check as service
from matchmaker.organisations.services.adviser import adviser_for
from matchmaker.organisations.services.evidence_check import introducer_for
from matchmaker.organisations.services.readiness import digital
from matchmaker.organisations.services.self_check_gaps import gaps
from matchmaker.organisations.services.self_check_points import result
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    Difference,
    bp,
    overtaken,
    start_again,
    status_of,
)
from matchmaker.vocabulary import self_check as questions
from matchmaker.vocabulary.readiness import level
from matchmaker.web.access import signed_in

#: Answers are private: staff see the band that everybody sees.
READERS = MEMBERS | {Relation.INTRODUCER}


@bp.get("/organisations/<public_id>/self-check")
@signed_in
def self_check(public_id: str) -> ResponseReturnValue:
    session = db.session()
    query = select(Organisation).where(Organisation.public_id == public_id)
    organisation = session.scalar(query) or abort(404)
    relation = relation_to(session, viewer(), organisation)
    if relation not in READERS:
        abort(404)
    known = service.history(session, organisation)
    latest, edition = known.latest, questions.current()
    found = shown = None
    if latest is not None:
        found = result(questions.EDITIONS.get(latest.edition, edition), latest.answers)
        shown = gaps(session, organisation, found)
    shared = service.is_shared(session, organisation)
    points = digital(latest) if latest else None
    return render_template(
        "organisations/self_check.html",
        organisation=organisation,
        edition=edition,
        history=known,
        result=found,
        gaps=shown,
        # An introducer who reads this is the adviser.
        adviser=adviser_for(session, organisation) if found and relation in MEMBERS else None,
        questions=questions,
        digital=points,
        level=None if points is None else level(points),
        shared=shared,
        form=SharingForm(data={"share": shared is not None}),
        may_share=relation in MEMBERS,
        go_on=_first_open(edition, known.open.answers) if known.open else None,
    )


@bp.route("/organisations/<public_id>/self-check/<dimension>", methods=["GET", "POST"])
@signed_in
def self_check_page(public_id: str, dimension: str) -> ResponseReturnValue:
    session, organisation = db.session(), own_organisation(public_id, READERS)
    edition = questions.current()
    if dimension not in edition.by_dimension:
        abort(404)
    answers = service.history(session, organisation).answers
    form = page_form(edition, dimension, answers)
    if not form.validate_on_submit():
        return _page(organisation, dimension, form, status_of(form))
    try:
        _save(organisation, dimension, form)
        db.session.commit()
    except StaleVersion:
        start_again()
        saved = page_form(
            edition, dimension, service.history(session, organisation).answers, formdata=None
        )
        return _page(organisation, dimension, form, CONFLICT, overtaken(form, saved))
    return _onwards(organisation, dimension)


@bp.post("/organisations/<public_id>/self-check/finish")
@signed_in
def self_check_finish(public_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, READERS)
    return _finish(organisation)


@bp.post("/organisations/<public_id>/self-check/sharing")
@signed_in
def self_check_sharing(public_id: str) -> ResponseReturnValue:
    """The tick is the firm's own to set: who helps it fills in, no more."""
    organisation = own_organisation(public_id, MEMBERS)
    form = SharingForm()
    if form.validate_on_submit():
        change = service.share if form.share.data else service.stop_sharing
        change(db.session(), organisation, current_account().id)
        db.session.commit()
        flash(
            _("Matches use your digital points from now on.")
            if form.share.data
            else _("Matches do not use your self-check."),
            "success",
        )
    return _to_result(organisation)


def _save(organisation: Organisation, dimension: str, form: RoomForm) -> None:
    session, account = db.session(), current_account()
    introducer = None
    if relation_to(session, account, organisation) is Relation.INTRODUCER:
        introducer = introducer_for(session, account, organisation)
    service.save(
        session,
        organisation,
        account.id,
        dimension,
        answers_of(form),
        version=form.version.data,
        introducer_id=introducer.id if introducer else None,
    )


def _onwards(organisation: Organisation, dimension: str) -> ResponseReturnValue:
    """The next page; after the last one the score."""
    codes = questions.current().dimensions.codes()
    at = codes.index(dimension) + 1
    if "stay" in request.form:
        flash(_("Saved. Go on whenever you like, on any phone or computer."), "success")
        return _to_result(organisation)
    if at == len(codes):
        return _finish(organisation)
    url = url_for(".self_check_page", public_id=organisation.public_id, dimension=codes[at])
    return redirect(url, 303)


def _finish(organisation: Organisation) -> ResponseReturnValue:
    day = to_user_timezone(clock.now()).date()
    try:
        service.finish(db.session(), organisation, current_account().id, day)
        db.session.commit()
    except WrongState:
        db.session.rollback()
        flash(_("Answer a question first, then you see what comes of it."), "error")
    return _to_result(organisation)


def _page(
    organisation: Organisation,
    dimension: str,
    form: RoomForm,
    status: int,
    differences: list[Difference] | None = None,
) -> ResponseReturnValue:
    edition = questions.current()
    known = service.history(db.session(), organisation).answers
    page = render_template(
        "organisations/self_check_page.html",
        organisation=organisation,
        edition=edition,
        now=edition.dimensions.get(dimension),
        done={code for code in edition.by_dimension if _answered(edition, code, known)},
        form=form,
        differences=differences or [],
    )
    return page, status


def _answered(edition: questions.Edition, dimension: str, answers: dict[str, str]) -> bool:
    return any(question.code in answers for question in edition.by_dimension[dimension])


def _first_open(edition: questions.Edition, answers: dict[str, str]) -> str:
    """The first page without an answer, else the first."""
    pages = list(edition.by_dimension)
    return next((code for code in pages if not _answered(edition, code, answers)), pages[0])


def _to_result(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for(".self_check", public_id=organisation.public_id), 303)
