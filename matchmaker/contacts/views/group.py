"""The page of a group of firms: who is in it, what it comes to, its one request; and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import current_account
from matchmaker.contacts import access, group_words, words
from matchmaker.contacts.group_access import OwnGroup, firm_of, led_group, own_group
from matchmaker.contacts.group_forms import JoinForm
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.contacts.services import evidence
from matchmaker.contacts.views.blueprint import bp
from matchmaker.errors import WrongState
from matchmaker.extensions import clock, db
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations import evidence_words
from matchmaker.organisations.models import ConsortiumFirm
from matchmaker.organisations.services import consortium, consortium_lead, consortium_standing
from matchmaker.organisations.services.consortium_moves import (
    CoordinatorStaysError,
    GroupFullError,
    InAGroupError,
    NotReachedError,
)
from matchmaker.suggestions.models import Side
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import redirect

PAGE_SIZE = 20
_OVER = (RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN)


@bp.get("/groups")
@signed_in
def groups() -> ResponseReturnValue:
    """Every group that my firms are in or were asked into, the newest first."""
    mine = access.acting_ids(db.session(), current_account())
    rows = consortium_standing.groups_of(db.session(), mine, PAGE_SIZE + 1, _before())
    return render_template(
        "contacts/groups.html",
        rows=rows[:PAGE_SIZE],
        is_open=consortium_standing.is_open,
        masked=mask_contacts,
        older=rows[PAGE_SIZE - 1].public_id if len(rows) > PAGE_SIZE else None,
    )


def _before() -> int | None:
    public_id = request.args.get("before", "")[:20]
    query = select(ConsortiumFirm.id).where(ConsortiumFirm.public_id == public_id)
    return db.session.scalar(query) if public_id else None


@bp.get("/groups/<string:public_id>")
@signed_in
def group(public_id: str) -> ResponseReturnValue:
    own = own_group(public_id)
    return render_template("contacts/group.html", **_facts(own), join_form=JoinForm(formdata=None))


def _facts(own: OwnGroup) -> dict[str, Any]:
    row, stands = own.group, own.standing
    firms = own.visible()
    lines = {firm.id: group_words.firm_line(firm.need, named=own.named(firm)) for firm in firms}
    asked = _request(own) if own.inside and not own.staff else None
    return {
        "own": own,
        "group": row,
        # Those invited are strangers yet, and nobody reviewed these words.
        "masked": mask_contacts,
        "firms": firms,
        "lines": lines,
        "state_words": group_words.state_words,
        "is_open": consortium_standing.is_open,
        "counted": [lines[firm.id] for firm in firms if consortium_standing.counts(firm)],
        "sum": group_words.band_words(stands.band),
        "ticket": group_words.band_words(stands.ticket),
        "missing": _missing(own),
        "asked": asked,
        "papers": evidence.let_out(db.session(), asked, Side.NEED)
        if asked and own.reads_request
        else [],
        "paper_name": evidence_words.label,
        "sentence": words.state_sentence(asked, Side.NEED, clock.now()) if asked else "",
        "over": asked is not None and asked.state in _OVER,
    }


def _missing(own: OwnGroup) -> int:
    """Dollars that the sum surely lacks to the ticket, read off the bands."""
    ticket, band = own.standing.ticket, own.standing.band
    return int(max(ticket.low - (band.low if band else 0), 0)) if ticket else 0


def _request(own: OwnGroup) -> ContactRequest | None:
    """The last request for all to this offer's organisation, whoever asked."""
    query = select(ContactRequest).where(
        ContactRequest.need_id == own.group.need_id,
        ContactRequest.offer_organisation_id == own.group.offer.organisation_id,
    )
    return db.session.scalar(query.order_by(ContactRequest.id.desc()).limit(1))


@bp.post("/groups/<string:public_id>/firms/<string:firm_id>/<string:step>")
@signed_in
def group_step(public_id: str, firm_id: str, step: str) -> ResponseReturnValue:
    """One firm of a group: its own answer, or what the coordinator does about it."""
    own = own_group(public_id)
    firm = firm_of(own, firm_id)
    steps = _OF_THE_COORDINATOR if own.leads else {}
    steps = steps | (_OF_THE_FIRM if firm in own.mine else {})
    if step not in steps:
        abort(404)
    by = current_account().id
    return _do(public_id, lambda: steps[step](db.session(), firm, by), _said(step))


_OF_THE_FIRM: dict[str, Callable[[Session, ConsortiumFirm, int], None]] = {
    "join": lambda session, firm, by: consortium.join(
        session, firm, by, shows_name=bool(JoinForm().shows_name.data)
    ),
    "decline": consortium.decline,
    "leave": consortium.leave,
}
_OF_THE_COORDINATOR: dict[str, Callable[[Session, ConsortiumFirm, int], None]] = {
    "withdraw": consortium.withdraw,
    "lead": lambda session, firm, by: consortium_lead.hand_over(session, firm.consortium, firm, by),
}


def _said(step: str) -> str:
    return {
        "join": _("You are in the group."),
        "decline": _("You said no. Nobody is told."),
        "leave": _(
            "You left the group. Papers that it shared while you were in it are taken back. Your"
            " own need goes on as before."
        ),
        "withdraw": _("The invitation is taken back."),
        "lead": _(
            "Another firm speaks for the group now. Your telephone, e-mail and papers are taken"
            " back from the group."
        ),
    }[step]


@bp.post("/groups/<string:public_id>/ask")
@signed_in
def group_ask(public_id: str) -> ResponseReturnValue:
    """Let the group's need out, and on to the one request for all."""
    own = led_group(public_id)
    need_id, offer_id = own.group.need.public_id, own.group.offer.public_id
    to = url_for("contacts.ask", need_id=need_id, offer_id=offer_id)
    return _do(
        public_id,
        lambda: consortium.publish(db.session(), own.group, current_account().id),
        "",
        to,
    )


@bp.post("/groups/<string:public_id>/end")
@signed_in
def group_end(public_id: str) -> ResponseReturnValue:
    own = led_group(public_id)
    said = _("The group is given up. Every firm's own need goes on as before.")
    return _do(
        public_id, lambda: consortium.end(db.session(), own.group, current_account().id), said
    )


def _do(public_id: str, step: Callable[[], None], said: str, to: str = "") -> Response:
    """Take the step and commit, or say why not; then show how the group stands."""
    page = url_for("contacts.group", public_id=public_id)
    try:
        step()
    except tuple(_WHY_NOT) as error:
        db.session.rollback()
        flash(_WHY_NOT[type(error)](), "error")
        return redirect(page)
    db.session.commit()
    if said:
        flash(said, "success")
    return redirect(to or page)


_WHY_NOT: dict[type[Exception], Callable[[], str]] = {
    GroupFullError: lambda: _("The group is full: six firms are in it."),
    InAGroupError: lambda: _("Your need is in another group already. Leave that one first."),
    CoordinatorStaysError: lambda: _(
        "You speak for the group. Let another firm do so first, or give the group up."
    ),
    NotReachedError: lambda: _("Together you do not reach what this offer asks yet."),
    WrongState: lambda: _("That has changed in the meantime. Look at it again."),
}
