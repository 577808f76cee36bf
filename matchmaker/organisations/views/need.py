"""Needs: writing one, looking at it, what the program understood."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion
from matchmaker.extensions import db
from matchmaker.organisations import disclosure, services
from matchmaker.organisations.access import own_firm, own_need
from matchmaker.organisations.forms.base import POSTED
from matchmaker.organisations.forms.need import PROMPTS, WordsForm, group_need_form, need_form
from matchmaker.organisations.models import Kind, Need, Organisation
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.understood import MOST, understood
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    OK,
    Difference,
    bp,
    consent_wanted,
    keep_understood,
    overtaken,
    say_saved,
    start_again,
    status_of,
)
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code


@bp.route("/organisations/<public_id>/needs/new/<kind>", methods=["GET", "POST"])
@signed_in
def need_new(public_id: str, kind: str) -> ResponseReturnValue:
    organisation = own_firm(public_id)
    if kind not in list(Kind):
        abort(404)
    form = need_form(kind, POSTED, lang=locale_code(), currency=organisation.currency)
    if not form.validate_on_submit():
        return _page(organisation, kind, form, status=status_of(form))
    ready = "draft" not in request.form
    need = services.create_need(
        db.session(), organisation, current_account().id, kind=kind, ready=ready, **form.values()
    )
    db.session.commit()
    say_saved(need, _("Saved and published. Your matches are ready."))
    return redirect(url_for(".need_page", public_id=need.public_id), 303)


@bp.route("/needs/<public_id>/edit", methods=["GET", "POST"])
@signed_in
def need_edit(public_id: str) -> ResponseReturnValue:
    need = own_need(public_id)
    group = is_group(db.session(), need.organisation_id)
    form = _form(need, POSTED, group)
    if not form.validate_on_submit():
        return _page(need.organisation, need.kind, form, need, status_of(form))
    ready = None if group else "draft" not in request.form
    try:
        services.update_need(
            db.session(), need, current_account().id, version=form.version.data, ready=ready,
            **form.values(),
        )  # fmt: skip
        db.session.commit()
    except StaleVersion:
        start_again()
        saved = _form(need, None, group)
        return _page(need.organisation, need.kind, form, need, CONFLICT, overtaken(form, saved))
    if group:
        flash(_("Saved."), "success")
    else:
        say_saved(need, _("Saved and published. Your matches are ready."))
    return redirect(url_for(".need_page", public_id=need.public_id), 303)


@bp.get("/needs/<public_id>")
@signed_in
def need_page(public_id: str) -> ResponseReturnValue:
    """A need as its owner sees it: state, what was understood, what to do with it."""
    need = own_need(public_id)
    return render_template(
        "organisations/need.html",
        need=need,
        organisation=need.organisation,
        card=disclosure.need_fields(need, disclosure.Viewer.OWN),
        group=is_group(db.session(), need.organisation_id),
        consent_wanted=consent_wanted(need.organisation),
        concepts=understood(need),
        most_concepts=MOST,
    )


@bp.post("/needs/<public_id>/concepts")
@signed_in
def need_concepts(public_id: str) -> ResponseReturnValue:
    keep_understood(own_need(public_id), services.update_need)
    return redirect(url_for(".need_page", public_id=public_id), 303)


def _form(need: Need, formdata: Any, group: bool) -> WordsForm:
    if group:
        return group_need_form(formdata, need)
    return need_form(need.kind, formdata, need)


def _page(
    organisation: Organisation,
    kind: str,
    form: WordsForm,
    need: Need | None = None,
    status: int = OK,
    differences: list[Difference] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "organisations/need_form.html",
        organisation=organisation,
        kind=kind,
        form=form,
        need=need,
        prompts=PROMPTS[kind],
        differences=differences or [],
    )
    return page, status
