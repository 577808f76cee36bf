"""Asking for a set of offers at once: all of its parts, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.contacts import fields, services, set_words, words
from matchmaker.contacts.errors import AskedAboutAnotherError, CannotAskError
from matchmaker.contacts.forms import AskForm
from matchmaker.contacts.services import asking_sets
from matchmaker.contacts.services.asking import DAYS_TO_ANSWER
from matchmaker.contacts.services.asking_sets import PartAsk, PartError, SetAsk
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.extensions import clock, db
from matchmaker.language.words import guess_language
from matchmaker.organisations.access import own_need
from matchmaker.organisations.models import Kind, Need
from matchmaker.organisations.services import capacity
from matchmaker.suggestions.access import SPEAKING
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import sets
from matchmaker.suggestions.services.sets import ExplainedSet
from matchmaker.suggestions.words.sets import JOIN, set_url, set_view
from matchmaker.web.access import signed_in
from matchmaker.web.filters import ngettext
from matchmaker.web.htmx import redirect, render


@bp.route("/requests/new-set/<string:public_id>/<string:offers>", methods=["GET", "POST"])
@signed_in
def ask_set(public_id: str, offers: str) -> ResponseReturnValue:
    with looking():
        need = own_need(public_id, SPEAKING, whole=True)
        found = sets.set_of(db.session(), need, offers.split(JOIN))
        if found is None:
            abort(404)
        have = fields.available(need.organisation, Side.NEED)
        form = AskForm(have, message=set_words.starter(need, found.offers))
        if not form.validate_on_submit():
            return _page(need, found, form, 422 if form.is_submitted() else 200)
        asked = _asked(need, found, form)
    try:
        sent = asking_sets.send_set(db.session(), asked)
    except PartError as error:
        db.session.rollback()
        with looking():
            return _refused(public_id, offers, form, error)
    db.session.commit()
    flash(_done(sum(one.new for one in sent), len(sent)), "success")
    return redirect(url_for("contacts.request_page", public_id=sent[0].request.public_id))


def _done(new: int, parts: int) -> str:
    """What was really sent: with some a request about this offer may have been open."""
    if new == parts:
        return _("All were asked. Each has %(days)s days to answer.", days=DAYS_TO_ANSWER)
    if new == 0:
        return _("Nothing new was sent: with each of them a request is open already.")
    return ngettext(
        "%(num)s new request was sent. With the others one is open already.",
        "%(num)s new requests were sent. With the others one is open already.",
        new,
    )


def _asked(need: Need, found: ExplainedSet, form: AskForm) -> SetAsk:
    actor = services.Actor(current_account().id, Side.NEED)
    lang = guess_language(form.message.data)
    parts = [
        PartAsk(
            services.Ask(
                need_id=need.id,
                offer_id=offer.id,
                by=actor,
                message=form.message.data,
                lang=lang,
                promised=tuple(form.promised.data),
                of_set=True,
                **_moment(found, at),
            ),
            part.role,
            found.stack.service if part.role == "service" else "",
        )
        for at, (part, offer) in enumerate(zip(found.stack.parts, found.offers, strict=True))
    ]
    stack = found.stack
    return SetAsk(parts, need.id, stack.score, stack.coverage, found.version)


def _moment(found: ExplainedSet, at: int) -> dict[str, Any]:
    """What the page says of a pair at this moment; with a provider the need makes none."""
    match, offer = found.matches[at], found.offers[at]
    if offer.kind is not Kind.FINANCE:
        return {}
    reasons = [{"code": one.code, "side": one.side} for one in match.reasons]
    kept = {"forward": match.forward, "backward": match.backward, "reasons": reasons}
    return {"score": match.score, "reasons": kept, "model_version": found.version}


def _refused(public_id: str, offers: str, form: AskForm, error: PartError) -> Response:
    """Nothing was sent; which part it is and why stands beside it, what was typed is kept."""
    need = own_need(public_id, SPEAKING, whole=True)
    found = sets.set_of(db.session(), need, offers.split(JOIN))
    if found is None:
        abort(404)
    return _page(need, found, form, 422, {error.offer_id: error.reason})


def _page(
    need: Need,
    found: ExplainedSet,
    form: AskForm,
    status: int,
    refused: Mapping[int, CannotAskError] | None = None,
) -> Response:
    now = clock.now()
    return render(
        "contacts/ask_set.html",
        "contacts/_ask_set.html",
        status,
        form=form,
        need=need,
        set=set_view(found, need),
        places={offer.id: capacity.places_left(offer, now) for offer in found.offers},
        refused={one: words.why_not(reason) for one, reason in (refused or {}).items()},
        instead={one: _way_to(reason) for one, reason in (refused or {}).items()},
        days=DAYS_TO_ANSWER,
        set_url=set_url("suggestions.need_set", need, found.offers),
        ask_url=set_url("contacts.ask_set", need, found.offers),
    )


def _way_to(reason: CannotAskError) -> str:
    """The request that is in the way, where one is."""
    if not isinstance(reason, AskedAboutAnotherError):
        return ""
    return url_for("contacts.request_page", public_id=reason.request_id)
