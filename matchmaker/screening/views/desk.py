"""The door of the desk: the first of its pages."""

from __future__ import annotations

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from matchmaker.screening.access import own_desk
from matchmaker.screening.views.blueprint import bp
from matchmaker.web.access import signed_in

#: In the order of the tabs.
PAGES = ("screening.saved_views", "screening.pipeline")


@bp.get("/<public_id>")
@signed_in
def desk(public_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    known = current_app.view_functions
    first = next(page for page in PAGES if page in known)
    return redirect(url_for(first, public_id=organisation.public_id), 303)
