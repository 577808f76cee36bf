"""Asking about one match."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access, errors, fields, services, words
from matchmaker.contacts.access import Pair
from matchmaker.contacts.forms import AskForm
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services.asking import DAYS_TO_ANSWER
from matchmaker.contacts.snapshot import snapshot
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.extensions import clock, db
from matchmaker.language.words import guess_language
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import capacity, reply_time
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import match
from matchmaker.web.access import signed_in
from matchmaker.web.filters import ngettext
from matchmaker.web.htmx import redirect, render, wants_partial

PAGE, REGION = "contacts/ask.html", "contacts/_contact_panel.html"


@bp.route("/requests/new/<string:need_id>/<string:offer_id>", methods=["GET", "POST"])
@signed_in
def ask(need_id: str, offer_id: str) -> ResponseReturnValue:
    with looking():
        pair = access.pair(need_id, offer_id)
        found = services.open_request(db.session(), pair.need.id, pair.offer.organisation_id)
        if found is not None:
            return _open_already(found, pair)
        form = AskForm(fields.available(_mine(pair), pair.actor.side), message=_starter(pair))
        if not form.validate_on_submit():
            reason = services.why_not(db.session(), pair.need, pair.offer, pair.actor)
            return _page(pair, form, reason, 422 if form.is_submitted() else 200)
        asked = _asked(pair, form)
    try:
        sent = services.send(db.session(), asked)
    except errors.CannotAskError as reason:
        db.session.rollback()
        with looking():
            return _page(access.pair(need_id, offer_id), form, reason, 422)
    db.session.commit()
    if sent.new:
        _flash_sent(sent.request)
    return redirect(_url(sent.request))


def _asked(pair: Pair, form: AskForm) -> services.Ask:
    taken = snapshot(db.session(), pair.need, pair.offer)
    return services.Ask(
        need_id=pair.need.id,
        offer_id=pair.offer.id,
        by=pair.actor,
        message=form.message.data,
        lang=guess_language(form.message.data),
        promised=tuple(form.promised.data),
        score=taken.score,
        reasons=taken.reasons,
        model_version=taken.model_version,
    )


def _page(pair: Pair, form: AskForm, reason: errors.CannotAskError | None, status: int) -> Response:
    return render(PAGE, REGION, status, form=form, **_context(pair, reason))


def _context(pair: Pair, reason: errors.CannotAskError | None) -> dict[str, Any]:
    other = pair.offer.organisation if pair.actor.side is Side.NEED else pair.need.organisation
    asks_for = pair.offer if pair.actor.side is Side.NEED else pair.need
    shows_name = pair.actor.side is Side.NEED or other.show_name
    return {
        "need": pair.need,
        "offer": pair.offer,
        "asks_for": asks_for,
        "live": match.is_live(asks_for),
        "party": words.in_words(other.name if shows_name else unnamed(other)),
        "party_lang": other.name_lang if shows_name else None,
        "mine": _mine(pair),
        "i_offer": pair.actor.side is Side.OFFER,
        "days": DAYS_TO_ANSWER,
        "median_hours": reply_time.median_hours(other.reply_bins),
        "places_left": _places(pair),
        "places": pair.offer.places,
        "reason": words.why_not(reason) if reason else None,
    }


def _places(pair: Pair) -> int | None:
    """Places count requests to an offer, not those that the offerer sends."""
    if pair.actor.side is Side.OFFER:
        return None
    return capacity.places_left(pair.offer, clock.now())


def _mine(pair: Pair) -> Organisation:
    return pair.need.organisation if pair.actor.side is Side.NEED else pair.offer.organisation


def _starter(pair: Pair) -> str:
    need, offer = pair.need.title, pair.offer.title
    if pair.actor.side is Side.NEED:
        return _(
            "We look for help with this: %(need)s. Your offer “%(offer)s” seems to fit."
            " May we talk?",
            need=need,
            offer=offer,
        )
    return _(
        "Our offer “%(offer)s” seems to fit what you look for: %(need)s. May we talk?",
        need=need,
        offer=offer,
    )


def _open_already(found: ContactRequest, pair: Pair) -> ResponseReturnValue:
    """There is one request a pair: whoever comes again is led to it."""
    if not wants_partial() or request.method == "POST":
        return redirect(_url(found))
    asked_me = found.asked_by is not pair.actor.side
    return render(PAGE, REGION, found=found, asked_me=asked_me)


def _url(found: ContactRequest) -> str:
    return url_for("contacts.request_page", public_id=found.public_id)


def _flash_sent(sent: ContactRequest) -> None:
    days = (sent.expires_at - sent.sent_at).days
    flash(
        ngettext(
            "Request sent. They have %(num)s day to answer.",
            "Request sent. They have %(num)s days to answer.",
            days,
        ),
        "success",
    )
