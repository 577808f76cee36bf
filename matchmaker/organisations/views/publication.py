"""Publish, pause, renew and close: the same steps for needs and offers."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.access import own_need, own_offer
from matchmaker.organisations.models import Need, PublicationState
from matchmaker.organisations.services import publication
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.errors import NoConsentError
from matchmaker.organisations.services.publication import Listing
from matchmaker.organisations.views.blueprint import bp
from matchmaker.vocabulary.reasons import CLOSE_REASONS
from matchmaker.web.access import signed_in


@bp.post("/needs/<public_id>/<any(publish, pause, renew, close):step>")
@signed_in
def need_step(public_id: str, step: str) -> ResponseReturnValue:
    return _take(own_need(public_id), step)


@bp.post("/offers/<public_id>/<any(publish, pause, renew, close):step>")
@signed_in
def offer_step(public_id: str, step: str) -> ResponseReturnValue:
    return _take(own_offer(public_id), step)


def _take(row: Listing, step: str) -> ResponseReturnValue:
    by, session = current_account().id, db.session()
    reason = request.form.get("reason", "")
    if step in ("publish", "renew") and is_group(session, row.organisation_id):
        flash(_("What firms ask for together goes out from the page of their group."), "error")
        group_id = row.organisation.public_id
        return redirect(url_for("contacts.group", public_id=group_id), 303)
    try:
        if step == "close" and reason not in CLOSE_REASONS:
            flash(_("Say where it was answered, then close it."), "error")
            return _back(row)
        if step == "publish":
            row.ready = True
            publication.publish(session, row, by)
        elif step == "close":
            publication.close(session, row, by, reason)
        else:
            {"pause": publication.pause, "renew": publication.renew}[step](session, row, by)
        db.session.commit()
        if (
            step == "publish"
            and row.organisation.is_published
            and row.state is PublicationState.DRAFT
        ):
            raise NoConsentError
        _say(row)
    except NoConsentError:
        db.session.rollback()
        flash(_("Nobody finds it until you agree to be matched. You can do so below."), "error")
    except WrongState:
        db.session.rollback()
        flash(_("It has moved on in the meantime. Here is how it stands now."), "error")
    return _back(row)


def _say(row: Listing) -> None:
    words = {
        PublicationState.DRAFT: _("It is published together with your organisation."),
        PublicationState.PUBLISHED: _("It is open and can be found."),
        PublicationState.PAUSED: _("Paused. Nobody finds it until you open it again."),
        PublicationState.CLOSED: _("Closed. Thank you for saying what came of it."),
    }
    flash(words[row.state], "success")


def _back(row: Listing) -> ResponseReturnValue:
    endpoint = ".need_page" if isinstance(row, Need) else ".offer_page"
    return redirect(url_for(endpoint, public_id=row.public_id), 303)
