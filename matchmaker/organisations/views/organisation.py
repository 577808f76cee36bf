"""My business: what is there, what to do next; making an organisation and sending it in."""

from __future__ import annotations

from flask import (
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations import disclosure, profile_steps, services
from matchmaker.organisations.access import (
    ACTING,
    MEMBERS,
    in_scope,
    my_organisations,
    own_firm,
    own_organisation,
    relation_to,
    viewer,
)
from matchmaker.organisations.clients import leads_to_clients
from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.forms.organisation import NameForm, NewForm
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import catalogue, membership, review, silence, twin
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.errors import AlreadyMemberError, IncompleteError
from matchmaker.organisations.views.blueprint import bp, consent_wanted, status_of
from matchmaker.web import htmx
from matchmaker.web.access import public, signed_in
from matchmaker.web.locale import locale_code


@bp.get("/my-business")
@signed_in
def mine() -> ResponseReturnValue:
    found = my_organisations()
    if len(found) == 1:
        begins = ".introducers" if leads_to_clients(found[0]) else ".organisation_page"
        return redirect(url_for(begins, public_id=found[0].public_id), 303)
    return render_template("organisations/mine.html", organisations=found)


@bp.route("/organisations/new", methods=["GET", "POST"])
@signed_in
def organisation_new() -> ResponseReturnValue:
    defaults = {
        "name_lang": locale_code(),
        "country": current_app.config["PROGRAMME_COUNTRY"],
    }
    form = NewForm(data=defaults)
    if not form.validate_on_submit():
        page = render_template("organisations/new.html", form=form, twins=False)
        return page, status_of(form)
    mine_already, others = _twins(form)
    if mine_already:
        return _to(mine_already[0])
    if others and not form.go_on.data:
        return render_template("organisations/new.html", form=form, twins=True)
    values = {name: value for name, value in form.values().items() if name != "go_on"}
    maker = current_account()
    # Staff enter firms at the assisted desk; they do not come to own them.
    owned = not maker.is_staff
    made = services.create_organisation(db.session(), maker.id, owned=owned, **values)
    made.steps_done = ["name"]
    db.session.commit()
    following = profile_steps.next_step(made, "name") or profile_steps.STEPS["contact"]
    url = url_for(".profile_step", public_id=made.public_id, step_key=following.key)
    return redirect(url, 303)


@bp.get("/organisations/provinces")
@signed_in
def provinces() -> ResponseReturnValue:
    """The region that follows the country as soon as it is chosen."""
    if not htmx.wants_partial():
        return redirect(url_for(".organisation_new"), 303)
    form = NameForm(None, data={"roles": request.args.getlist("roles")})
    form.show_provinces(request.args.get("country"))
    page = render_template("organisations/_province.html", form=form)
    return htmx.varied(make_response(page))


@bp.post("/organisations/join")
@signed_in
def organisation_join() -> ResponseReturnValue:
    """Ask those whom a twin belongs to; the answer does not say whether there was one."""
    form = NewForm()
    if form.validate_on_submit():
        for found in _twins(form)[1]:
            try:
                membership.ask_to_join(db.session(), found, current_account().id)
            except (AlreadyMemberError, WrongState):
                continue
        db.session.commit()
    flash(_("We asked those who look after it. You will be told when they answer."), "success")
    return redirect(url_for(".mine"), 303)


@bp.get("/organisations/<public_id>")
@public
def organisation_page(public_id: str) -> ResponseReturnValue:
    """The desk of those who act for it; for others the page of a funder or provider."""
    query = select(Organisation).where(Organisation.public_id == public_id)
    found = db.session.scalar(query) or abort(404)
    relation = relation_to(db.session(), viewer(), found)
    if relation in ACTING:
        return render_template(
            "organisations/desk.html",
            organisation=found,
            relation=relation,
            group=is_group(db.session(), found.id),
            steps=profile_steps.steps_for(found),
            left=profile_steps.left(found),
            missing=review.missing(found),
            consent_wanted=consent_wanted(found),
            joining=membership.open_join_requests(db.session(), found)
            if relation in MEMBERS
            else [],
        )
    return _public_page(found)


@bp.post("/organisations/<public_id>/come-back")
@signed_in
def come_back(public_id: str) -> ResponseReturnValue:
    """One click after a pause for silence; a second one changes nothing."""
    found = own_organisation(public_id)
    silence.come_back(db.session(), found.id, current_account().id)
    db.session.commit()
    flash(_("Welcome back. You are suggested to others again."), "success")
    return redirect(url_for("organisations.organisation_page", public_id=public_id), 303)


@bp.post("/organisations/<public_id>/submit")
@signed_in
def organisation_submit(public_id: str) -> ResponseReturnValue:
    found = own_firm(public_id)
    first = bool(current_app.config["PUBLISH_FIRST"])
    try:
        review.submit_for_review(db.session(), found, current_account().id, publish_first=first)
    except IncompleteError as error:
        flash(_("Something is still missing. Answer the steps marked below first."), "error")
        step = "sector" if "sector" in error.missing else "name"
        return redirect(url_for(".profile_step", public_id=public_id, step_key=step), 303)
    except WrongState:
        db.session.rollback()
        flash(_("It was sent in already."), "error")
        return _to(found)
    db.session.commit()
    flash(_("Published.") if first else _("Sent. A reviewer will look at it."), "success")
    return _to(found)


def _public_page(organisation: Organisation) -> ResponseReturnValue:
    reader = viewer()
    staff = reader is not None and reader.is_staff and in_scope(db.session(), reader, organisation)
    offers = organisation.is_funder or organisation.is_provider or organisation.is_introducer
    if not staff and not (offers and organisation.is_published):
        abort(404)
    role = disclosure.Viewer.STAFF if staff else disclosure.Viewer.VISITOR
    return render_template(
        "organisations/public.html",
        card=disclosure.visible_fields(organisation, role, as_offerer=offers),
        offers=catalogue.offers_of(db.session(), organisation),
        staff=staff,
        organisation=organisation if staff else None,
    )


def _twins(form: RoomForm) -> tuple[list[Organisation], list[Organisation]]:
    """Those like the one being made: the maker's own, and those of others."""
    mine_ids = {one.id for one in my_organisations()}
    found = twin.find_twins(
        db.session(), name=form["name"].data or "", province=form["province"].data or ""
    )
    own = [one for one in found if one.id in mine_ids]
    return own, [one for one in found if one.id not in mine_ids]


def _to(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for(".organisation_page", public_id=organisation.public_id), 303)
