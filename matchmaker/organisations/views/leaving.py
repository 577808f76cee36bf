"""Leaving an organisation, with a colleague who takes over."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.access import OWNERS, own_firm
from matchmaker.organisations.forms.member import LeavingForm, called
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.organisations.services import leaving
from matchmaker.organisations.services.errors import LastOwnerError
from matchmaker.organisations.views.blueprint import OK, UNPROCESSABLE, bp
from matchmaker.organisations.views.member import membership_at
from matchmaker.web.access import signed_in


@bp.route("/organisations/<public_id>/members/<account_id>/leave", methods=["GET", "POST"])
@signed_in
def member_leave(public_id: str, account_id: str) -> ResponseReturnValue:
    """One's own membership, or any for an owner."""
    organisation = own_firm(public_id)
    row = membership_at(organisation, account_id)
    myself = row.account_id == current_account().id
    if not myself:
        own_firm(public_id, OWNERS)
    others = leaving.colleagues(db.session(), row)
    form = LeavingForm(others, must=leaving.is_last_owner(db.session(), row))
    if request.method == "GET" or not form.validate():
        return _page(organisation, row, form, UNPROCESSABLE if form.errors else OK)
    found = [one for one in others if one.account.public_id == form.successor.data]
    try:
        leaving.leave(db.session(), row, current_account().id, found[0] if found else None)
        db.session.commit()
    except LastOwnerError:
        db.session.rollback()
        flash(_("You are the only owner. Name a colleague who takes over."), "error")
        return redirect(url_for(".member_leave", public_id=public_id, account_id=account_id), 303)
    except WrongState:
        db.session.rollback()
        flash(_("Somebody else changed this just now. Look again."), "error")
    else:
        flash(_("Done. What was open is in good hands."), "success")
    return redirect(url_for(".mine") if myself else url_for(".members", public_id=public_id), 303)


def _page(
    organisation: Organisation, row: Membership, form: LeavingForm, status: int
) -> ResponseReturnValue:
    myself = row.account_id == current_account().id
    page = render_template(
        "organisations/member_leave.html",
        organisation=organisation,
        member=row,
        form=form,
        myself=myself,
        heading=_("Leave") if myself else _("%(name)s leaves", name=called(row.account)),
    )
    return page, status
