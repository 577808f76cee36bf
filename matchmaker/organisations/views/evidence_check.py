"""What waits to be checked, and checking it: introducers for their firms, staff in their scope."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account, has_role
from matchmaker.accounts.models import StaffRole
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.access import Relation, my_organisations, own_organisation
from matchmaker.organisations.forms.evidence import CheckForm, SendBackForm
from matchmaker.organisations.models import (
    CheckedAs,
    EvidenceFile,
    LookedAt,
    Organisation,
)
from matchmaker.organisations.services import evidence, evidence_check
from matchmaker.organisations.services.evidence import Piece
from matchmaker.organisations.services.evidence_check import Checker
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    OK,
    UNPROCESSABLE,
    bp,
    start_again,
)
from matchmaker.web.access import signed_in

CHECKERS = frozenset({Relation.INTRODUCER, Relation.STAFF})
PAGE_SIZE = 20


@bp.get("/evidence/waiting")
@signed_in
def evidence_waiting() -> ResponseReturnValue:
    """For staff, and for people of a published introducer; to others there is no such page."""
    account = current_account()
    if account.staff_role is None and not any(
        one.is_introducer and one.is_published for one in my_organisations()
    ):
        abort(404)
    found = evidence_check.waiting(db.session(), account, PAGE_SIZE + 1, _after())
    return render_template(
        "organisations/evidence_waiting.html",
        found=found[:PAGE_SIZE],
        more=found[PAGE_SIZE - 1].file.public_id if len(found) > PAGE_SIZE else None,
        words=evidence_words,
        may_check=account.staff_role is None or has_role(account, StaffRole.OFFICER),
    )


def _after() -> int:
    """The file after which the page goes on; an unknown one starts at the top."""
    public_id = request.args.get("after", "")[:20]
    query = select(EvidenceFile.id).where(EvidenceFile.public_id == public_id)
    return (db.session.scalar(query) if public_id else None) or 0


@bp.route("/organisations/<public_id>/evidence/<fact>/check", methods=["GET", "POST"])
@signed_in
def check_evidence(public_id: str, fact: str) -> ResponseReturnValue:
    organisation, piece = _own_piece(public_id, fact)
    form = CheckForm(data={"seen": _seen(organisation, piece)})
    if not form.validate_on_submit():
        return _page(organisation, piece, check_form=form)
    try:
        evidence_check.check(
            db.session(),
            organisation,
            _checker(organisation),
            fact,
            form.seen.data or "",
            LookedAt(str(form.looked_at.data)),
        )
        db.session.commit()
    except (WrongState, StaleVersion):
        return _overtaken(public_id, fact)
    flash(_("Noted. Others now see who checked it, and when."), "success")
    return redirect(url_for(".evidence_waiting"), 303)


@bp.post("/organisations/<public_id>/evidence/<fact>/send-back")
@signed_in
def evidence_send_back(public_id: str, fact: str) -> ResponseReturnValue:
    organisation, piece = _own_piece(public_id, fact)
    form = SendBackForm(data={"seen": _seen(organisation, piece)})
    if not form.validate_on_submit():
        return _page(organisation, piece, back_form=form)
    try:
        evidence_check.send_back(
            db.session(),
            organisation,
            _checker(organisation),
            fact,
            form.seen.data or "",
            form.note.data or "",
        )
        db.session.commit()
    except (WrongState, StaleVersion):
        return _overtaken(public_id, fact)
    flash(_("Sent back. They were told, with your note."), "success")
    return redirect(url_for(".evidence_waiting"), 303)


def _own_piece(public_id: str, fact: str) -> tuple[Organisation, Piece]:
    """What this account may check: never something of an organisation it belongs to."""
    organisation = own_organisation(public_id, CHECKERS)
    pieces = evidence.pieces(db.session(), [organisation.id])
    found = next((piece for piece in pieces if piece.fact.fact == fact), None)
    return organisation, found or abort(404)


def _seen(organisation: Organisation, piece: Piece) -> str:
    return evidence_check.seen_of(organisation, piece.fact.fact, piece.file)


def _checker(organisation: Organisation) -> Checker:
    account = current_account()
    introducer = evidence_check.introducer_for(db.session(), account, organisation)
    if introducer is not None:
        return Checker(account.id, introducer.name, CheckedAs.INTRODUCER)
    return Checker(account.id, account.name, CheckedAs.STAFF)


def _overtaken(public_id: str, fact: str) -> ResponseReturnValue:
    """Another was first, or the file is a new one: the page says how it stands now."""
    start_again()
    organisation, piece = _own_piece(public_id, fact)
    return _page(organisation, piece, stale=True)


def _page(
    organisation: Organisation,
    piece: Piece,
    *,
    check_form: CheckForm | None = None,
    back_form: SendBackForm | None = None,
    stale: bool = False,
) -> ResponseReturnValue:
    shown = {"seen": _seen(organisation, piece)}
    page = render_template(
        "organisations/evidence_check.html",
        organisation=organisation,
        piece=piece,
        words=evidence_words,
        check_form=check_form or CheckForm(formdata=None, data=shown),
        back_form=back_form or SendBackForm(formdata=None, data=shown),
        stale=stale,
    )
    if stale:
        return page, CONFLICT
    wrong = (check_form and check_form.errors) or (back_form and back_form.errors)
    return page, UNPROCESSABLE if wrong else OK
