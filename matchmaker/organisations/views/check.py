"""What staff of the programme held against a register or a paper: who checked what, and when."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.access import Relation, own_organisation
from matchmaker.organisations.models import BusinessId
from matchmaker.organisations.services import business_id, evidence
from matchmaker.organisations.views.blueprint import bp
from matchmaker.web.access import staff

STAFF = frozenset({Relation.STAFF})


@bp.get("/organisations/<public_id>/checks")
@staff("officer")
def checks(public_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, STAFF)
    return render_template(
        "organisations/checks.html",
        organisation=organisation,
        words=evidence_words,
        pieces=evidence.pieces(db.session(), [organisation.id]),
    )


@bp.post("/organisations/<public_id>/checks/number/<int:row_id>")
@staff("officer")
def check_number(public_id: str, row_id: int) -> ResponseReturnValue:
    organisation = own_organisation(public_id, STAFF)
    query = select(BusinessId).where(
        BusinessId.id == row_id, BusinessId.organisation_id == organisation.id
    )
    row = db.session.scalar(query) or abort(404)
    officer = current_account()
    business_id.check_business_id(db.session(), organisation, officer.id, row, officer.name)
    db.session.commit()
    return _back(public_id)


def _back(public_id: str) -> ResponseReturnValue:
    flash(_("Noted with your name and today's date."), "success")
    return redirect(url_for(".checks", public_id=public_id), 303)
