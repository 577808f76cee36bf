"""A profile in short steps, saved as one goes."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion
from matchmaker.extensions import db
from matchmaker.language import glossary
from matchmaker.organisations import profile_steps
from matchmaker.organisations.access import own_organisation
from matchmaker.organisations.forms.base import POSTED, RoomForm
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.profile_steps import Step
from matchmaker.organisations.services.errors import ActsForOthersError
from matchmaker.organisations.services.size import size_of
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    OK,
    UNPROCESSABLE,
    Difference,
    bp,
    overtaken,
    start_again,
    status_of,
)
from matchmaker.vocabulary import sectors
from matchmaker.web import htmx
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code

LONGEST_SEARCH = 80


@bp.route("/organisations/<public_id>/profile/<step_key>", methods=["GET", "POST"])
@signed_in
def profile_step(public_id: str, step_key: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id)
    step = profile_steps.STEPS.get(step_key)
    if step is None or step not in profile_steps.steps_for(organisation):
        abort(404)
    form = step.open(organisation, POSTED)
    if "search" in request.form or not form.validate_on_submit():
        return _page(organisation, step, form, status_of(form))
    try:
        step.save(db.session(), organisation, current_account().id, form)
        db.session.commit()
    except StaleVersion:
        start_again()
        return _page(
            organisation, step, form, CONFLICT, overtaken(form, step.open(organisation, None))
        )
    except ActsForOthersError:
        start_again()
        told = _("You act for others as an introducer. End that first, under “Acting for others”.")
        form["roles"].errors = [told]
        return _page(organisation, step, form, UNPROCESSABLE)
    return _onwards(organisation, step)


@bp.get("/organisations/<public_id>/sectors")
@signed_in
def sector_search(public_id: str) -> ResponseReturnValue:
    """The region of the sector step that htmx fills while one types."""
    organisation = own_organisation(public_id)
    if not htmx.wants_partial():
        url = url_for(".profile_step", public_id=public_id, step_key="sector", q=_search())
        return redirect(url, 303)
    step = profile_steps.STEPS["sector"]
    form = step.open(organisation, None)
    html = render_template("organisations/_sector_results.html", form=form, **_found(form))
    return htmx.varied(make_response(html))


def _page(
    organisation: Organisation,
    step: Step,
    form: RoomForm,
    status: int = OK,
    differences: list[Difference] | None = None,
) -> ResponseReturnValue:
    extra = _found(form) if step.key == "sector" else {}
    size = size_of(organisation) if step.key == "size" else None
    page = render_template(
        "organisations/profile_step.html",
        organisation=organisation,
        step=step,
        steps=profile_steps.steps_for(organisation),
        left=profile_steps.left(organisation),
        form=form,
        differences=differences or [],
        size=size,
        **extra,
    )
    return page, status


def _onwards(organisation: Organisation, step: Step) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    following = profile_steps.next_step(organisation, step.key)
    if "stay" in request.form or following is None:
        return redirect(url_for(".organisation_page", public_id=organisation.public_id), 303)
    url = url_for(".profile_step", public_id=organisation.public_id, step_key=following.key)
    return redirect(url, 303)


def _search() -> str:
    return request.values.get("q", "")[:LONGEST_SEARCH]


def _found(form: RoomForm) -> dict[str, Any]:
    """Sectors that the search words name, and the one chosen, so that no answer is lost."""
    said = _search()
    found = [code.code for code in sectors.search(said, locale_code())]
    # No class is named after a mango: what the glossary reads in the words comes after the names.
    named = (code.partition(":") for code in glossary.codes_of(said, locale_code()))
    found += [code for scheme, _colon, code in named if scheme == "isic4" and code not in found]
    chosen = form["sector"].data
    if chosen and chosen not in found:
        found = [chosen, *found]
    return {"search": said, "found": found}
