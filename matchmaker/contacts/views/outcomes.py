"""Saying what came of a request, on its page."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access, outcome_words, services
from matchmaker.contacts.forms import OutcomeForm
from matchmaker.contacts.views.answer import done
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.request_page import show
from matchmaker.extensions import db
from matchmaker.web.access import signed_in


@bp.post("/requests/<string:public_id>/outcome")
@signed_in
def outcome(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    form = OutcomeForm(outcome_words.bands_in(own.request.need.currency))
    if not form.validate():
        return show(own, 422, outcome_form=form)

    def step() -> None:
        code, details = form.outcome.data or "", form.details()
        services.say_outcome(db.session(), own.request, own.actor, code, details)

    return done(own, step, _("Thank you. What came of it is kept."))
