"""Offers: writing one in four steps, looking at it as its owner."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion
from matchmaker.extensions import clock, db
from matchmaker.organisations import loan_words, offer_steps, services, wording
from matchmaker.organisations.access import own_firm, own_offer
from matchmaker.organisations.forms.base import POSTED, RoomForm
from matchmaker.organisations.forms.capacity import CapacityForm, state_words
from matchmaker.organisations.models import Kind, Offer, Organisation
from matchmaker.organisations.services.capacity import is_limited
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


@bp.route("/organisations/<public_id>/offers/new/<kind>", methods=["GET", "POST"])
@signed_in
def offer_new(public_id: str, kind: str) -> ResponseReturnValue:
    organisation = own_firm(public_id)
    if kind not in list(Kind):
        abort(404)
    form = offer_steps.what_form(kind, POSTED, **_defaults(organisation))
    if not form.validate_on_submit():
        return _page(organisation, kind, "what", form, status=status_of(form))
    offer = services.create_offer(
        db.session(), organisation, current_account().id, kind=kind, ready=False, step="what",
        **form.values(),
    )  # fmt: skip
    db.session.commit()
    following = offer_steps.next_step(offer.code, "what")
    if following is None or following.key == "who":
        flash(_("Saved. Now say whom it is for."), "success")
        return redirect(url_for(".offer_edit", public_id=offer.public_id, step_key="who"), 303)
    flash(_("Saved. Now say what the loan costs."), "success")
    url = url_for(".offer_edit", public_id=offer.public_id, step_key=following.key)
    return redirect(url, 303)


@bp.route("/offers/<public_id>/edit/<step_key>", methods=["GET", "POST"])
@signed_in
def offer_edit(public_id: str, step_key: str) -> ResponseReturnValue:
    offer = own_offer(public_id)
    step = offer_steps.STEPS.get(step_key)
    if step is None or step not in offer_steps.steps_for(offer.code):
        abort(404)
    form = step.open(offer, POSTED)
    if not form.validate_on_submit():
        return _page(offer.organisation, offer.kind, step_key, form, offer, status_of(form))
    ready = True if "publish" in request.form else None
    try:
        step.save(db.session(), offer, current_account().id, form, ready)
        db.session.commit()
    except StaleVersion:
        start_again()
        differences = overtaken(form, step.open(offer, None))
        return _page(offer.organisation, offer.kind, step_key, form, offer, CONFLICT, differences)
    return _onwards(offer, step_key)


@bp.get("/offers/<public_id>")
@signed_in
def offer_page(public_id: str) -> ResponseReturnValue:
    """An offer as its owner sees it."""
    return shown_offer(own_offer(public_id))


def shown_offer(offer: Offer, form: CapacityForm | None = None) -> str:
    now = clock.now()
    return render_template(
        "organisations/offer.html",
        offer=offer,
        organisation=offer.organisation,
        consent_wanted=consent_wanted(offer.organisation),
        rules=wording.rule_lines(offer),
        terms=loan_words.term_lines(offer),
        places_left=services.places_left(offer, now),
        capacity_form=form or CapacityForm(offer, now, formdata=None),
        capacity_now=state_words(offer, now),
        capacity_limited=not offer.deploying or is_limited(offer, now),
        steps=offer_steps.steps_for(offer.code),
        concepts=understood(offer),
        most_concepts=MOST,
    )


@bp.post("/offers/<public_id>/concepts")
@signed_in
def offer_concepts(public_id: str) -> ResponseReturnValue:
    keep_understood(own_offer(public_id), services.update_offer)
    return redirect(url_for(".offer_page", public_id=public_id), 303)


def _defaults(organisation: Organisation) -> dict[str, Any]:
    return {
        "lang": locale_code(),
        "currency": organisation.currency,
        "languages": organisation.languages,
        "places": 20,
        "deploying": True,
    }


def _page(
    organisation: Organisation,
    kind: str,
    step_key: str,
    form: RoomForm,
    offer: Offer | None = None,
    status: int = OK,
    differences: list[Difference] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "organisations/offer_form.html",
        organisation=organisation,
        kind=kind,
        step=offer_steps.STEPS[step_key],
        steps=offer_steps.steps_for(offer.code if offer else None),
        form=form,
        offer=offer,
        differences=differences or [],
    )
    return page, status


def _onwards(offer: Offer, step_key: str) -> ResponseReturnValue:
    following = offer_steps.next_step(offer.code, step_key)
    if "next" in request.form and following is not None:
        flash(_("Saved."), "success")
        url = url_for(".offer_edit", public_id=offer.public_id, step_key=following.key)
        return redirect(url, 303)
    say_saved(offer, _("Saved. It is open and can be found."))
    return redirect(url_for(".offer_page", public_id=offer.public_id), 303)
