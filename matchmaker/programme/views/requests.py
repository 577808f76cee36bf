"""Stuck requests: who waits, and what the programme does about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from matchmaker.accounts.access import current_account
from matchmaker.contacts import conversation_words, outcome_words
from matchmaker.contacts import words as contact_words
from matchmaker.contacts.services import outcomes, reading
from matchmaker.errors import WrongState
from matchmaker.extensions import clock, db
from matchmaker.organisations.access import introducer_ids
from matchmaker.programme import access
from matchmaker.programme.forms.staff import STAFF, ReassignForm
from matchmaker.programme.services import handing_over, reports, waiting
from matchmaker.programme.services.scopes import organisations_in
from matchmaker.programme.services.waiting import NudgedAlreadyError, Waiting
from matchmaker.programme.views.blueprint import bp
from matchmaker.web.access import staff
from matchmaker.web.htmx import render

LISTED = 50


@bp.get("/programme/requests")
@staff("viewer")
def requests() -> Response:
    every = request.args.get("show") == "all"
    rows = waiting.waiting(
        db.session(),
        organisations_in(access.own_scope()),
        least=timedelta() if every else waiting.STUCK_AFTER,
        limit=LISTED,
    )
    return render("programme/requests.html", "programme/_request_rows.html", rows=rows, every=every)


@bp.get("/programme/requests/<public_id>")
@staff("viewer")
def request_page(public_id: str) -> ResponseReturnValue:
    return _page(access.request(public_id))


@bp.post("/programme/requests/<public_id>/nudge")
@staff("officer")
def request_nudge(public_id: str) -> ResponseReturnValue:
    found = access.request(public_id)
    try:
        waiting.nudge(db.session(), found.request, current_account().id)
    except NudgedAlreadyError:
        db.session.rollback()
        flash(_("The programme asked in the last three days. Give them time to answer."), "error")
    except WrongState:
        db.session.rollback()
        flash(_("This request no longer waits for an answer."), "error")
    else:
        db.session.commit()
        flash(_("Asked. They have a notice and, if they gave an address, a mail."), "success")
    return redirect(url_for(".request_page", public_id=public_id), 303)


@bp.post("/programme/requests/<public_id>/reassign")
@staff("officer")
def request_reassign(public_id: str) -> ResponseReturnValue:
    found = access.request(public_id)
    form = _reassign_form(found)
    if not form.validate_on_submit():
        return _page(found, 422, reassign=form)
    try:
        _hand_over(found, str(form.to.data))
    except WrongState:
        db.session.rollback()
        flash(_("This request no longer waits for an answer."), "error")
    else:
        db.session.commit()
        flash(_("Done. They have been told."), "success")
    return redirect(url_for(".request_page", public_id=public_id), 303)


def _hand_over(found: Waiting, to: str) -> None:
    kind, _colon, public_id = to.partition(":")
    people = _staff(found) if f"{kind}:" == STAFF else _colleagues(found)
    person = next((one for one in people if one.public_id == public_id), None)
    if person is None:
        raise NotFound
    by_id = current_account().id
    if f"{kind}:" == STAFF:
        handing_over.give_to_staff(db.session(), found.request, person, by_id)
    else:
        handing_over.ask_colleague(db.session(), found.request, person, by_id)


def _staff(found: Waiting) -> list[Any]:
    firm = found.request.need_organisation
    vouching = set(introducer_ids(db.session(), firm))
    return handing_over.staff_for(db.session(), firm, vouching)


def _colleagues(found: Waiting) -> list[Any]:
    return list(handing_over.colleagues(db.session(), found.request))


def _reassign_form(found: Waiting) -> ReassignForm:
    return ReassignForm(_colleagues(found), _staff(found))


def _page(found: Waiting, status: int = 200, **forms: Any) -> ResponseReturnValue:
    row = found.request
    asker, silent = row.organisation(row.asked_by), row.organisation(row.asked)
    events = reading.history(db.session(), row)
    lines = contact_words.timeline(events, row.asked_by)
    names = {row.asked_by: asker.name, row.asked: silent.name}
    history = [
        replace(line, by=names[event.side] if event.side else _("The programme"))
        for event, line in zip(events, lines, strict=True)
    ]
    said = outcomes.sayings(db.session(), row)
    return (
        render_template(
            "programme/request.html",
            sayings=outcome_words.for_staff(said, names, row.need.currency),
            differ=outcome_words.differ_for_staff(said),
            reports=reports.told(db.session(), row),
            report_reason=conversation_words.report_reason,
            found=found,
            row=row,
            asker=asker,
            silent=silent,
            history=history,
            answerable=row.is_answerable(clock.now()),
            **({"reassign": _reassign_form(found)} | forms),
        ),
        status,
    )
