"""The catalogue of offers, open to anyone."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import clock, db
from matchmaker.organisations import disclosure, loan_words, services, wording
from matchmaker.organisations.forms.catalogue import CatalogueForm, catalogue_form
from matchmaker.organisations.services import catalogue as offers
from matchmaker.organisations.views.blueprint import bp
from matchmaker.web import htmx
from matchmaker.web.access import public
from matchmaker.web.locale import locale_code

Kept = dict[str, Any]


class Wider(NamedTuple):
    """One answer left out: its name, how many offers there are then (or more), the list of them."""

    label: str
    offers: int
    or_more: bool
    url: str


@bp.get("/catalogue")
@public
def catalogue() -> ResponseReturnValue:
    form = catalogue_form(request.args)
    reader = offers.Reader(locale_code(), current_app.config["PROGRAMME_COUNTRY"])
    wanted = form.wanted()
    found = offers.browse(db.session(), wanted, reader, _after())
    kept: Kept = {name: value for name, value in request.args.items() if name in form and value}
    following = _url(kept, found.after) if found.after else None
    return htmx.render(
        "organisations/catalogue.html",
        "organisations/_catalogue_results.html",
        form=form,
        offers=found.offers,
        following=following,
        first=url_for(".catalogue", **kept) if _after() is not None else None,
        narrowed=bool(kept),
        wider=[] if found.offers else _wider(form, wanted, kept),
        rule_lines=wording.rule_lines,
    )


@bp.get("/catalogue/<public_id>")
@public
def catalogue_offer(public_id: str) -> ResponseReturnValue:
    """One offer: what it is, and what it would ask of you."""
    offer = offers.public_offer(db.session(), public_id) or abort(404)
    return render_template(
        "organisations/catalogue_offer.html",
        offer=offer,
        organisation=offer.organisation,
        text=disclosure.offer_text(offer),
        rules=wording.rule_lines(offer),
        terms=loan_words.term_lines(offer),
        places_left=services.places_left(offer, clock.now()),
        reply_hours=services.median_hours(offer.organisation.reply_bins),
    )


def _wider(form: CatalogueForm, wanted: offers.CatalogueFilter, kept: Kept) -> list[Wider]:
    """Which single answer to leave out of an empty list, the one that gives most first."""
    counts = offers.without_one(db.session(), wanted)
    return [
        Wider(
            str(form[name].label.text),
            count,
            count == offers.MOST_COUNTED,
            url_for(".catalogue", **{key: value for key, value in kept.items() if key != name}),
        )
        for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _url(kept: dict[str, Any], after: offers.Key) -> str:
    return url_for(".catalogue", **kept, after=f"{after.near}-{after.id}")


def _after() -> offers.Key | None:
    """The key a page goes on from; what is no key begins at the beginning."""
    found = re.fullmatch(r"([0-3])-([0-9]{1,9})", request.args.get("after", ""))
    return offers.Key(int(found[1]), int(found[2])) if found else None
