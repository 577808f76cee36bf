"""One's own showroom: what stands in it, how others would see it, opening and closing it."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations import showroom_card
from matchmaker.organisations.access import MEMBERS, own_organisation, relation_to, viewer
from matchmaker.organisations.models import Organisation, Showroom
from matchmaker.organisations.services import product as products
from matchmaker.organisations.services import showroom as showrooms
from matchmaker.organisations.views.blueprint import bp, start_again
from matchmaker.organisations.views.product import EDITORS
from matchmaker.web import qr
from matchmaker.web.access import signed_in

QR_SIDE = 160


@bp.get("/organisations/<public_id>/showroom")
@signed_in
def showroom(public_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, EDITORS)
    found = showrooms.of(db.session(), organisation)
    shown = showroom_card.card(organisation, found) if found else None
    url = address(found) if found else ""
    return render_template(
        "organisations/showroom.html",
        organisation=organisation,
        showroom=found,
        card=shown,
        url=url,
        qr=picture(url) if found and found.open_since else "",
        short_text=showroom_card.short_text(shown, url) if shown and shown.products else "",
        most=products.MOST,
        decides=relation_to(db.session(), viewer(), organisation) in MEMBERS,
    )


@bp.get("/organisations/<public_id>/showroom/preview")
@signed_in
def showroom_preview(public_id: str) -> ResponseReturnValue:
    """The very page that everybody would see."""
    organisation = own_organisation(public_id, EDITORS)
    found = showrooms.of(db.session(), organisation)
    if found is None:
        return redirect(url_for(".showroom", public_id=public_id), 303)
    return render_template("organisations/showroom_page.html", **shown_page(organisation, found))


@bp.post("/organisations/<public_id>/showroom/<step>")
@signed_in
def showroom_step(public_id: str, step: str) -> ResponseReturnValue:
    """Its name becomes known to everybody: its own people decide that, nobody for them."""
    organisation = own_organisation(public_id, MEMBERS)
    session, by = db.session(), current_account().id
    try:
        if step == "open":
            showrooms.open_to_all(session, organisation, by)
            said = _("Your showroom is open. Everybody who has the address can see it.")
        elif step == "close":
            showrooms.close(session, organisation, by)
            said = _("Your showroom is closed. Nobody else sees it any more.")
        elif step in ("let-search", "keep-from-search"):
            showrooms.let_search(session, organisation, by, searchable=step == "let-search")
            said = _("Saved.")
        else:
            abort(404)
        session.commit()
        flash(said, "success")
    except WrongState:
        start_again()
        flash(_("It opens once you are published and at least one product is in it."), "error")
    return redirect(url_for(".showroom", public_id=public_id), 303)


def shown_page(organisation: Organisation, found: Showroom) -> dict[str, object]:
    """What the page is made of, for everybody and for the preview alike."""
    url = address(found)
    shown = showroom_card.card(organisation, found)
    return {
        "card": shown,
        "url": url,
        "qr": picture(url),
        "base_url": current_app.config["BASE_URL"],
        "noindex": not (found.is_public and found.searchable),
        "preview_of": None if found.is_public else organisation,
        "ask": None,
        "description": showroom_card.description(shown),
    }


def address(found: Showroom) -> str:
    return str(current_app.config["BASE_URL"]) + url_for(".showroom_page", code=found.code)


def picture(url: str) -> Markup:
    """Our own drawing, with nothing of anybody's in it but modules."""
    return Markup(qr.picture(url, QR_SIDE))  # noqa: S704
