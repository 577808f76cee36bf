"""Saved views: the list, saving one, changing it, removing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion
from matchmaker.extensions import db
from matchmaker.organisations.models import Offer, Organisation
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    OK,
    UNPROCESSABLE,
    Difference,
    start_again,
)
from matchmaker.screening.access import own_desk
from matchmaker.screening.columns import COLUMNS
from matchmaker.screening.models import MOST_VIEWS, SavedView, ViewOrder
from matchmaker.screening.services import saved_views as keeping
from matchmaker.screening.services.digest import LEASTS, would_have
from matchmaker.screening.services.saved_views import TooManyViewsError
from matchmaker.screening.view_forms import FirmsForm, ViewForm
from matchmaker.screening.views.blueprint import bp
from matchmaker.screening.views.firms import own_offer_of, own_view
from matchmaker.suggestions.services.match import is_live
from matchmaker.web.access import signed_in

ORDERS = {
    ViewOrder.SCORE: _l("Best fit first"),
    ViewOrder.NEWEST: _l("Newest first"),
    ViewOrder.ACTIVE: _l("Last active first"),
}


@bp.get("/<public_id>/views")
@signed_in
def saved_views(public_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    views = keeping.views_of(db.session(), organisation.id)
    mails = keeping.mails_of(db.session(), current_account().id, views)
    return render_template(
        "screening/saved_views.html",
        organisation=organisation,
        views=[(view, FirmsForm.saved(view), mails.get(view.id)) for view in views],
        orders=ORDERS,
        most=MOST_VIEWS,
        is_live=is_live,
    )


@bp.route("/<public_id>/views/new", methods=["GET", "POST"])
@signed_in
def view_new(public_id: str) -> ResponseReturnValue:
    """Keep the table of the address; the form says first what mail that causes."""
    if not request.args.get("offer"):
        own_desk(public_id)
        return redirect(url_for(".firms", public_id=public_id), 303)
    offer = own_offer_of(public_id, request.args["offer"])
    organisation = offer.organisation
    chosen = FirmsForm(offer)
    form = ViewForm(_would_have(offer, chosen))
    if not form.validate_on_submit():
        return _page(organisation, None, chosen, form, UNPROCESSABLE if form.errors else OK)
    account_id = current_account().id
    try:
        view = keeping.save(db.session(), offer, account_id, chosen.draft(form.name.data))
    except TooManyViewsError:
        start_again()
        form.name.errors = [
            _("There are %(most)s views already. Remove one first.", most=MOST_VIEWS)
        ]
        return _page(own_desk(public_id), None, chosen, form, CONFLICT)
    return _kept(organisation, view, form)


@bp.route("/<public_id>/views/<view_id>/edit", methods=["GET", "POST"])
@signed_in
def view_edit(public_id: str, view_id: str) -> ResponseReturnValue:
    """Change the name, the mail, and what the table holds where the address brings that along."""
    view = own_view(public_id, view_id)
    organisation = view.organisation
    chosen = FirmsForm(view.offer, view)
    form = ViewForm(_would_have(view.offer, chosen), data=_stored(view))
    if not form.validate_on_submit():
        return _page(organisation, view, chosen, form, UNPROCESSABLE if form.errors else OK)
    account_id, draft = current_account().id, chosen.draft(form.name.data)
    try:
        keeping.change(db.session(), view, account_id, form.version.data, draft)
    except StaleVersion:
        return _overtaken(public_id, view_id, form)
    return _kept(organisation, view, form)


@bp.post("/<public_id>/views/<view_id>/remove")
@signed_in
def view_remove(public_id: str, view_id: str) -> ResponseReturnValue:
    view = own_view(public_id, view_id)
    keeping.remove(db.session(), view, current_account().id)
    db.session.commit()
    flash(_("The view is removed. The firms in it stay where they are."), "success")
    return redirect(url_for(".saved_views", public_id=public_id), 303)


def _would_have(offer: Offer, chosen: FirmsForm) -> dict[int, int]:
    return would_have(db.session(), offer, chosen.filters())


def _stored(view: SavedView) -> dict[str, Any]:
    least = keeping.mail_of(db.session(), view, current_account().id)
    mail = str(least) if least in LEASTS else "none"
    return {"version": view.version, "name": view.name, "mail": mail}


def _kept(organisation: Organisation, view: SavedView, form: ViewForm) -> ResponseReturnValue:
    keeping.set_mail(db.session(), view, current_account().id, form.least)
    url = url_for(".saved_view", public_id=organisation.public_id, view_id=view.public_id)
    db.session.commit()
    flash(_("The view is saved."), "success")
    return redirect(url, 303)


def _overtaken(public_id: str, view_id: str, form: ViewForm) -> ResponseReturnValue:
    """A colleague was first: what is saved now stands beside what was typed."""
    start_again()
    view = own_view(public_id, view_id)
    organisation = view.organisation
    chosen, saved = FirmsForm(view.offer, view), FirmsForm.saved(view)
    form.version.show(view.version)
    differences = []
    if form.name.data != view.name:
        differences.append(Difference(form.name.label.text, form.name.id, view.name))
    if chosen.draft("") != saved.draft(""):
        differences.append(Difference(_("The table"), "table", ", ".join(table_words(saved))))
    return _page(organisation, view, chosen, form, CONFLICT, differences)


def table_words(chosen: FirmsForm) -> Sequence[str]:
    """Filters, order and columns of a table, in words."""
    columns = ", ".join(str(COLUMNS[one]) for one in chosen.wanted_columns)
    return [
        *chosen.filter_words(),
        str(ORDERS[chosen.wanted_order]),
        _("Columns: %(columns)s", columns=columns),
    ]


def _page(
    organisation: Organisation,
    view: SavedView | None,
    chosen: FirmsForm,
    form: ViewForm,
    status: int,
    differences: Sequence[Difference] = (),
) -> ResponseReturnValue:
    page = render_template(
        "screening/view_form.html",
        organisation=organisation,
        view=view,
        offer=chosen.row,
        form=form,
        table=table_words(chosen),
        live=is_live(chosen.row),
        differences=differences,
        # What the table is to hold stands in the address.
        action=request.full_path,
        copy_url=url_for(
            ".view_new",
            public_id=organisation.public_id,
            offer=chosen.row.public_id,
            **chosen.link_values(),
        ),
    )
    return page, status
