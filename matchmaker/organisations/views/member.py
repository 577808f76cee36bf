"""The people of an organisation."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.accounts.models import Account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.access import (
    MEMBERS,
    OWNERS,
    Relation,
    own_firm,
    relation_to,
    viewer,
)
from matchmaker.organisations.forms.member import ColleagueForm, InvitationForm
from matchmaker.organisations.models import JoinRequest, Membership, MembershipRole, Organisation
from matchmaker.organisations.services import colleague, membership, notice
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.errors import LastOwnerError
from matchmaker.organisations.views.blueprint import OK, UNPROCESSABLE, bp
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code


@bp.route("/organisations/<public_id>/members", methods=["GET", "POST"])
@signed_in
def members(public_id: str) -> ResponseReturnValue:
    organisation = own_firm(public_id)
    form = ColleagueForm(data={"language": locale_code()})
    may_add = _may_add(organisation)
    if form.is_submitted() and not may_add:
        abort(404)
    if not form.validate_on_submit() or form.found is None:
        return _page(organisation, form, may_add, UNPROCESSABLE if form.errors else OK)
    code = colleague.let_in(
        db.session(),
        organisation,
        current_account().id,
        form.found,
        name=form["name"].data,
        language=form["language"].data,
    )
    db.session.commit()
    return _code(organisation, code, form["name"].data, form["identity"].data)


@bp.post("/organisations/<public_id>/members/<account_id>/<any(owner, member):step>")
@signed_in
def member_step(public_id: str, account_id: str, step: str) -> ResponseReturnValue:
    organisation = own_firm(public_id, OWNERS)
    row = membership_at(organisation, account_id)
    try:
        membership.change_role(db.session(), row, current_account().id, MembershipRole(step))
        db.session.commit()
    except LastOwnerError:
        db.session.rollback()
        flash(
            _("An organisation keeps at least one owner. Make somebody else owner first."), "error"
        )
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".members", public_id=public_id), 303)


@bp.post("/organisations/<public_id>/members/<account_id>/code")
@signed_in
def member_code(public_id: str, account_id: str) -> ResponseReturnValue:
    """A new paper for somebody who has lost theirs before they ever signed in."""
    organisation = own_firm(public_id, OWNERS)
    row = membership_at(organisation, account_id)
    code = colleague.new_code(db.session(), row, current_account().id)
    if code is None:
        flash(_("They have a password already and can set a new one themselves."), "error")
        return redirect(url_for(".members", public_id=public_id), 303)
    db.session.commit()
    account = row.account
    own = account.username or account.telephone or account.email or ""
    return _code(organisation, code, account.name, own)


@bp.post("/organisations/<public_id>/joining/<join_id>/<any(accept, refuse):answer>")
@signed_in
def join_answer(public_id: str, join_id: str, answer: str) -> ResponseReturnValue:
    organisation = own_firm(public_id, OWNERS)
    query = select(JoinRequest).where(
        JoinRequest.public_id == join_id, JoinRequest.organisation_id == organisation.id
    )
    asked = db.session.scalar(query) or abort(404)
    membership.answer_join(db.session(), asked, current_account().id, answer == "accept")
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".members", public_id=public_id), 303)


@bp.route("/organisations/<public_id>/invitation", methods=["GET", "POST"])
@signed_in
def invitation(public_id: str) -> ResponseReturnValue:
    query = select(Organisation).where(Organisation.public_id == public_id)
    organisation = db.session.scalar(query) or abort(404)
    found = membership.invitation(db.session(), current_account().id, organisation.id)
    if found is None or is_group(db.session(), organisation.id):
        abort(404)
    form = InvitationForm()
    if not form.validate_on_submit():
        return render_template(
            "organisations/invitation.html", organisation=organisation, form=form
        )
    try:
        membership.accept_invitation(db.session(), found)
    except WrongState:
        abort(404)
    db.session.commit()
    flash(_("You belong to it now."), "success")
    return redirect(url_for(".organisation_page", public_id=public_id), 303)


def _may_add(organisation: Organisation) -> bool:
    """Owners; and those who act for an organisation that nobody signs in for yet."""
    relation = relation_to(db.session(), viewer(), organisation)
    if relation in (Relation.INTRODUCER, Relation.STAFF):
        return not notice.owners(db.session(), organisation.id)
    return relation is Relation.OWNER


def membership_at(organisation: Organisation, account_id: str) -> Membership:
    """Of this account in this organisation, or 404."""
    query = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organisation_id == organisation.id, Account.public_id == account_id)
    )
    return db.session.scalar(query) or abort(404)


def _page(
    organisation: Organisation, form: ColleagueForm, may_add: bool, status: int
) -> ResponseReturnValue:
    relation = relation_to(db.session(), viewer(), organisation)
    page = render_template(
        "organisations/members.html",
        organisation=organisation,
        members=membership.members(db.session(), organisation),
        joining=membership.open_join_requests(db.session(), organisation),
        form=form if may_add else None,
        owner=relation is Relation.OWNER,
        mine=relation in MEMBERS,
    )
    return page, status


def _code(organisation: Organisation, code: str, name: str, identity: str) -> ResponseReturnValue:
    """Shown this once, not kept in history: printing it is the point."""
    return render_template(
        "organisations/member_code.html",
        organisation=organisation,
        code=code,
        name=name,
        identity=identity,
    )
