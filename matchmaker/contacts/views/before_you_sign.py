"""What one loan offer would cost for one need, before anybody signs."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from matchmaker.contacts import access, borrowing_words
from matchmaker.contacts.borrowing_forms import try_form
from matchmaker.contacts.services import borrowing
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import match
from matchmaker.vocabulary.instruments import is_loan
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import render

PAGE, REGION = "contacts/before_you_sign.html", "contacts/_before_you_sign.html"


@bp.get("/matches/<string:need_id>/<string:offer_id>/before-you-sign")
@signed_in
def before_you_sign(need_id: str, offer_id: str) -> ResponseReturnValue:
    """The firm's side reads it against its own sales; the funder reads an example of its offer."""
    pair = access.pair(need_id, offer_id, whole=True)
    if not is_loan(pair.offer.code):
        abort(404)
    side = pair.actor.side
    form = try_form(request.args, borrowing.usual(pair.need, pair.offer, side))
    asked = form.asked()
    found = None
    if asked is not None:
        found = borrowing.look(db.session(), pair.need, pair.offer, side, asked)
    return render(
        PAGE,
        REGION,
        200 if found else 422,
        need=pair.need,
        offer=pair.offer,
        live=match.is_live(pair.offer if side is Side.NEED else pair.need),
        form=form,
        view=borrowing_words.view(pair.need, found) if found else None,
        said=borrowing_words.terms_said(pair.offer),
    )
