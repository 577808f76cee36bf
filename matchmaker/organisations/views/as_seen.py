"""See yourself as a funder sees you."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.organisations import disclosure
from matchmaker.organisations.access import own_organisation
from matchmaker.organisations.models import PublicationState
from matchmaker.organisations.services import catalogue
from matchmaker.organisations.views.blueprint import bp
from matchmaker.web.access import signed_in


@bp.get("/organisations/<public_id>/as-seen")
@signed_in
def as_seen(public_id: str) -> ResponseReturnValue:
    """Made from the very cards that the other side's pages are made from."""
    organisation = own_organisation(public_id)
    other = disclosure.Viewer.OTHER_SIDE
    shown = (PublicationState.PUBLISHED, PublicationState.DRAFT)
    needs = [need for need in organisation.needs if need.state in shown]
    return render_template(
        "organisations/as_seen.html",
        organisation=organisation,
        before=disclosure.visible_fields(organisation, other),
        after=disclosure.visible_fields(organisation, other, disclosure.RELEASABLE),
        needs=[
            (disclosure.need_fields(n, other), disclosure.need_fields(n, other, ())) for n in needs
        ],
        offers=catalogue.offers_of(db.session(), organisation),
    )
