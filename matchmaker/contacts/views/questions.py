"""The standard questions of an organisation: written once, asked with one press."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.contacts.evidence_forms import WantedForm
from matchmaker.contacts.models import StandardQuestion
from matchmaker.contacts.services import evidence_asks
from matchmaker.contacts.services.evidence_asks import Wanted
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.shared import READERS
from matchmaker.extensions import db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.access import own_organisation
from matchmaker.organisations.models import Organisation
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import redirect


@bp.route("/requests/questions/<string:organisation_id>", methods=["GET", "POST"])
@signed_in
def questions(organisation_id: str) -> ResponseReturnValue:
    organisation = own_organisation(organisation_id, READERS)
    form = WantedForm()
    if not form.validate_on_submit():
        return _page(organisation, form)
    wanted = Wanted(form.fact.data or "", form.question.data or "", form.why.data or "")
    kept = evidence_asks.keep_question(db.session(), organisation.id, current_account().id, wanted)
    if not kept:
        db.session.rollback()
        form.question.errors = [_("You keep 20 questions already. Remove one to keep another.")]
        return _page(organisation, form)
    db.session.commit()
    flash(_("Kept. You can ask it with one press."), "success")
    return redirect(url_for("contacts.questions", organisation_id=organisation_id))


@bp.post("/requests/questions/<string:organisation_id>/<string:question_id>/remove")
@signed_in
def remove_question(organisation_id: str, question_id: str) -> ResponseReturnValue:
    """Pressed twice it is gone once."""
    organisation = own_organisation(organisation_id, READERS)
    evidence_asks.remove_question(db.session(), organisation.id, question_id)
    db.session.commit()
    flash(_("Removed. What was asked before stays."), "success")
    return redirect(url_for("contacts.questions", organisation_id=organisation_id))


def _page(organisation: Organisation, form: WantedForm) -> ResponseReturnValue:
    page = render_template(
        "contacts/questions.html",
        organisation=organisation,
        form=form,
        kept=evidence_asks.questions(db.session(), organisation.id),
        most=StandardQuestion.MOST,
        words=evidence_words,
    )
    return page, 422 if form.errors else 200
