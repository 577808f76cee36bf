"""The page of a set: its parts, how its points come about, and in which order to ask."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.organisations.access import own_need
from matchmaker.suggestions import afterwards
from matchmaker.suggestions.access import speaks_for
from matchmaker.suggestions.services import sets
from matchmaker.suggestions.views import bp
from matchmaker.suggestions.words.lists import list_url
from matchmaker.suggestions.words.sets import JOIN, set_url, set_view
from matchmaker.web.access import signed_in


@bp.get("/needs/<public_id>/sets/<offers>")
@signed_in
def need_set(public_id: str, offers: str) -> ResponseReturnValue:
    """Two or three offers that answer this need together; 404 for those that do not."""
    need = own_need(public_id, whole=True)
    found = sets.set_of(db.session(), need, offers.split(JOIN))
    if found is None:
        abort(404)
    afterwards.name_version(found.version)
    return render_template(
        "suggestions/set.html",
        need=need,
        set=set_view(found, need),
        speaks=speaks_for(need),
        ask_url=set_url("contacts.ask_set", need, found.offers),
        back_url=list_url(need, "fit", {}),
    )
