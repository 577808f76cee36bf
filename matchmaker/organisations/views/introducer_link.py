"""Who acts for an organisation with its consent, and for whom an introducer acts."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations import profile_steps, services
from matchmaker.organisations.access import (
    MEMBERS,
    OWNERS_AND_STAFF,
    own_firm,
    own_organisation,
    relation_to,
    viewer,
)
from matchmaker.organisations.clients import PAGE_SIZE, clients_of
from matchmaker.organisations.forms.member import ClientForm, ConsentForm, FindForm
from matchmaker.organisations.models import IntroducerLink, Organisation
from matchmaker.organisations.services import introducer_link as links
from matchmaker.organisations.services import twin
from matchmaker.organisations.services.errors import AlreadyLinkedError
from matchmaker.organisations.views.blueprint import bp, status_of
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code


@bp.route("/organisations/<public_id>/introducers", methods=["GET", "POST"])
@signed_in
def introducers(public_id: str) -> ResponseReturnValue:
    organisation = own_firm(public_id)
    may_consent = relation_to(db.session(), viewer(), organisation) in OWNERS_AND_STAFF
    form = ConsentForm()
    choices = links.introducers_open(db.session(), organisation)
    form["introducer"].codes = [(one.public_id, one.name) for one in choices]
    if form.is_submitted() and not may_consent:
        abort(404)
    if not form.validate_on_submit():
        page = render_template(
            "organisations/introducers.html",
            organisation=organisation,
            acting=links.links_of(db.session(), organisation),
            form=form if may_consent and choices else None,
            **_clients(organisation),
        )
        return page, status_of(form)
    chosen = next(one for one in choices if one.public_id == form["introducer"].data)
    try:
        links.link(db.session(), chosen, organisation, current_account().id, **_consent(form))
        db.session.commit()
        flash(_("Recorded. You can end it at any time."), "success")
    except AlreadyLinkedError:
        db.session.rollback()
        flash(_("They may act for you already."), "error")
    return redirect(url_for(".introducers", public_id=public_id), 303)


def _clients(organisation: Organisation) -> dict[str, Any]:
    find = FindForm(request.args)
    named = find["named"].data or ""
    found = clients_of(db.session(), organisation.id, named, request.args.get("after", "")[:20])
    at: dict[str, Any] = {
        "public_id": organisation.public_id,
        "named": named or None,
        "after": found.after,
    }
    return {
        "clients": found.clients,
        "find": find if found.total > PAGE_SIZE else None,
        "older_url": url_for(".introducers", **at) if found.after else None,
    }


@bp.post("/organisations/<public_id>/introducers/<int:link_id>/end")
@signed_in
def introducer_end(public_id: str, link_id: int) -> ResponseReturnValue:
    """Either side ends it."""
    organisation = own_organisation(public_id)
    sides = (IntroducerLink.organisation_id, IntroducerLink.introducer_id)
    mine = sides[0] == organisation.id
    query = select(IntroducerLink).where(
        IntroducerLink.id == link_id, mine | (sides[1] == organisation.id)
    )
    row = db.session.scalar(query) or abort(404)
    try:
        links.end(db.session(), row, current_account().id)
        db.session.commit()
    except WrongState:
        db.session.rollback()
    flash(_("Ended. They can no longer act for it."), "success")
    still = relation_to(db.session(), viewer(), organisation)
    url = url_for(".introducers", public_id=public_id) if still else url_for(".mine")
    return redirect(url, 303)


@bp.route("/organisations/<public_id>/clients/new", methods=["GET", "POST"])
@signed_in
def client_new(public_id: str) -> ResponseReturnValue:
    """A walk-in firm, entered by the introducer with the consent that lets it act."""
    introducer = own_organisation(public_id, MEMBERS)
    if not (introducer.is_introducer and introducer.is_published):
        abort(404)
    country = current_app.config["PROGRAMME_COUNTRY"]
    defaults = {"name_lang": locale_code(), "country": country, "roles": ["firm"]}
    form = ClientForm(data=defaults)
    if not form.validate_on_submit() or (_twins(form) and not form["go_on"].data):
        twins = form.is_submitted() and not form.errors
        page = render_template(
            "organisations/client_new.html", organisation=introducer, form=form, twins=twins
        )
        return page, status_of(form)
    by = current_account().id
    made = services.create_organisation(db.session(), by, owned=False, **form.values())
    made.steps_done = ["name"]
    links.link(db.session(), introducer, made, by, **_consent(form))
    db.session.commit()
    step = profile_steps.next_step(made, "name") or profile_steps.STEPS["contact"]
    return redirect(url_for(".profile_step", public_id=made.public_id, step_key=step.key), 303)


def _twins(form: ClientForm) -> list[Organisation]:
    name, province = form["name"].data or "", form["province"].data or ""
    return twin.find_twins(db.session(), name=name, province=province)


def _consent(form: ConsentForm | ClientForm) -> dict[str, str]:
    names = ("consent_by", "consent_how")
    return {name: str(form[name].data) for name in names}
