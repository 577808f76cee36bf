"""Who of the team did what, for its members alone."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, request
from flask_babel import gettext as _

from matchmaker.contacts import team_words
from matchmaker.contacts.services import team_log
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.organisations.access import MEMBERS, own_organisation
from matchmaker.web.access import signed_in
from matchmaker.web.htmx import render


@bp.get("/organisations/<string:organisation_id>/who-did-what")
@signed_in
def who_did_what(organisation_id: str) -> Response:
    organisation = own_organisation(organisation_id, MEMBERS)
    found = team_log.page(db.session(), organisation.id, _before())
    return render(
        "contacts/team.html",
        "contacts/_team_lines.html",
        organisation=organisation,
        lines=[(team_words.line(done), done.event.at) for done in found.rows],
        older=found.before.isoformat() if found.before else None,
        heading=_("Who did what"),
    )


def _before() -> datetime | None:
    """A moment of ours; whatever no page of ours has written starts at the top."""
    try:
        moment = datetime.fromisoformat(request.args.get("before", "")[:40])
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):  # also at the end of time, seen from another zone
        return None
