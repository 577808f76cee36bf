"""How many requests an offer takes, changed on its own page."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.extensions import clock, db
from matchmaker.organisations.access import own_offer
from matchmaker.organisations.forms.capacity import CapacityForm
from matchmaker.organisations.views.blueprint import UNPROCESSABLE, bp
from matchmaker.organisations.views.offer import shown_offer
from matchmaker.web.access import signed_in


@bp.post("/offers/<public_id>/capacity")
@signed_in
def offer_capacity(public_id: str) -> ResponseReturnValue:
    offer = own_offer(public_id)
    form = CapacityForm(offer, clock.now())
    if not form.validate():
        return shown_offer(offer, form), UNPROCESSABLE
    form.apply(db.session(), offer, current_account().id, clock.now())
    db.session.commit()
    flash(_("Saved. It holds from the next list on."), "success")
    return redirect(url_for(".offer_page", public_id=public_id, _anchor="capacity"), 303)
