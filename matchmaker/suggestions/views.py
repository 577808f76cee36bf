"""The pages of matches: lists for a need and for an offer, and one match by itself."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations.access import my_organisations, own_need, own_offer
from matchmaker.organisations.clients import leads_to_clients
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions import afterwards, services
from matchmaker.suggestions.access import SPEAKING, Pair, own_pair, speaks_for
from matchmaker.suggestions.forms import (
    FilterForm,
    NeedFilterForm,
    NotForMeForm,
    OfferFilterForm,
    tab,
)
from matchmaker.suggestions.looked_enough import looked_enough, not_published
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import advising, pairs
from matchmaker.suggestions.services.calibration import band_of
from matchmaker.suggestions.services.cursor import Cursor
from matchmaker.suggestions.services.helpers import Helpers, helpers_for
from matchmaker.suggestions.services.hiding import hide_pair, show_pair
from matchmaker.suggestions.services.mine import mine, my_rows
from matchmaker.suggestions.services.ranking import ListPage
from matchmaker.suggestions.words.cards import pair_id, pair_url
from matchmaker.suggestions.words.hidden import hidden_views
from matchmaker.suggestions.words.lists import list_url, list_view
from matchmaker.suggestions.words.match import match_view
from matchmaker.suggestions.words.worth import worth_line
from matchmaker.web import htmx
from matchmaker.web.access import signed_in

bp = Blueprint("suggestions", __name__)

Row = Need | Offer


@bp.get("/matches")
@signed_in
def matches() -> ResponseReturnValue:
    """My needs and offers with how many fit each; straight to the list when there is one."""
    rows = my_rows(db.session())
    if len(rows) == 1:
        return redirect(list_url(rows[0], "fit", {}), 303)
    found = mine(db.session(), rows)
    acts = not rows and any(leads_to_clients(one) for one in my_organisations())
    return render_template("suggestions/matches.html", mine=found, list_url=list_url, acts=acts)


@bp.get("/matches/needs/<public_id>")
@signed_in
def need_matches(public_id: str) -> ResponseReturnValue:
    need = own_need(public_id, whole=True)
    return _list(need, OfferFilterForm(need))


@bp.get("/matches/offers/<public_id>")
@signed_in
def offer_matches(public_id: str) -> ResponseReturnValue:
    offer = own_offer(public_id, whole=True)
    return _list(offer, NeedFilterForm(offer))


def _list(row: Row, form: FilterForm) -> ResponseReturnValue:
    after = Cursor.parse(request.args.get("after", ""))
    speaks = speaks_for(row)
    reader_id = current_account().id if speaks else None
    try:
        page = services.page_for(db.session(), row, form.filters(), after, tab(), reader_id)
    except services.LookedEnoughError:
        return looked_enough(row.organisation)
    except services.NotPublishedError:
        return not_published(row.organisation)
    afterwards.name_version(page.version)
    afterwards.count_page(row, page, tab(), to_staff=not speaks)
    may_ask = isinstance(row, Need) and speaks and not page.ranking.total
    return htmx.render(
        "suggestions/need_matches.html"
        if isinstance(row, Need)
        else "suggestions/offer_matches.html",
        "suggestions/_match_list.html",
        row=row,
        form=form,
        speaks=speaks,
        may_ask=may_ask,
        asked_on=_asked_on(row) if may_ask else None,
        list=list_view(row, page, tab(), form.link_values(), _helpers(row, page)),
        hidden=hidden_views(db.session(), row) if tab() == "out" else [],
    )


@bp.post("/matches/needs/<public_id>/ask-adviser")
@signed_in
def need_adviser(public_id: str) -> ResponseReturnValue:
    """Nothing fits: somebody who knows the place looks at the need."""
    need = own_need(public_id, SPEAKING)
    asked = advising.ask_adviser(db.session(), need, current_account().id)
    db.session.commit()
    if asked:
        flash(_("An adviser was asked to look at your need."), "success")
    else:
        flash(_("An adviser was asked already this week."), "info")
    return redirect(list_url(need, "fit", {}), 303)


def _asked_on(row: Row) -> datetime | None:
    return advising.asked_on(db.session(), row) if isinstance(row, Need) else None


def _helpers(row: Row, page: ListPage) -> Helpers:
    near = [one.match for one in page.near]
    return helpers_for(db.session(), row, near) if isinstance(row, Need) else {}


@bp.get("/matches/<need_id>/<offer_id>")
@signed_in
def match_page(need_id: str, offer_id: str) -> ResponseReturnValue:
    """One pair: how well it fits and why, rule by rule, and the way to ask."""
    pair = own_pair(need_id, offer_id)
    found = services.explain(db.session(), pair.need, pair.offer)
    afterwards.name_version(found.version)
    asks = pair.side is Side.NEED
    helpers = helpers_for(db.session(), pair.need, [found.match]) if asks else {}
    return render_template(
        "suggestions/match.html",
        pair=pair,
        match=match_view(pair.need, pair.offer, pair.side, found, helpers),
        worth=worth_line(pair.need.kind, band_of(db.session(), pair.need.kind, found.match.points)),
        back_url=_back(pair),
        hidden=pairs.hidden_row(db.session(), pair.need, pair.offer, pair.side) is not None,
        hide_url=pair_url("suggestions.not_for_me", pair.need, pair.offer, pair.side),
        show_url=pair_url("suggestions.show_again", pair.need, pair.offer, pair.side),
    )


@bp.route("/matches/<need_id>/<offer_id>/not-for-me", methods=["GET", "POST"])
@signed_in
def not_for_me(need_id: str, offer_id: str) -> ResponseReturnValue:
    """Say why it is not for me; the card then goes from my lists, until I take that back."""
    pair = own_pair(need_id, offer_id, SPEAKING)
    form = NotForMeForm()
    if not form.validate_on_submit():
        return _not_for_me(pair, form, hidden=False, status=422 if form.errors else 200)
    hide_pair(
        db.session(), pair.need, pair.offer, pair.side,
        reason=form.reason.data or "", account_id=current_account().id,
    )  # fmt: skip
    db.session.commit()
    if htmx.wants_partial():
        return _not_for_me(pair, form, hidden=True)
    flash(_("It is gone from your list. You find it under “Left out”."), "success")
    return redirect(_back(pair), 303)


@bp.post("/matches/<need_id>/<offer_id>/show-again")
@signed_in
def show_again(need_id: str, offer_id: str) -> ResponseReturnValue:
    pair = own_pair(need_id, offer_id, SPEAKING)
    show_pair(db.session(), pair.need, pair.offer, pair.side, account_id=current_account().id)
    db.session.commit()
    flash(_("It is back in your list."), "success")
    return htmx.redirect(_back(pair))


def _not_for_me(
    pair: Pair, form: NotForMeForm, hidden: bool, status: int = 200
) -> ResponseReturnValue:
    return htmx.render(
        "suggestions/not_for_me.html",
        "suggestions/_not_for_me.html",
        status,
        form=form,
        hidden=hidden,
        region=pair_id(pair.need, pair.offer),
        other=pair.other,
        back_url=_back(pair),
        hide_url=pair_url("suggestions.not_for_me", pair.need, pair.offer, pair.side),
        show_url=pair_url("suggestions.show_again", pair.need, pair.offer, pair.side),
        side=pair.side,
    )


def _back(pair: Pair) -> str:
    endpoint = "need_matches" if pair.mine is pair.need else "offer_matches"
    return url_for(f"suggestions.{endpoint}", public_id=pair.mine.public_id)
