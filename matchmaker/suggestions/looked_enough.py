"""The answers to somebody who may see no firms: none more today, or none before a review."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from matchmaker.organisations.models import Organisation
from matchmaker.suggestions import afterwards
from matchmaker.suggestions.services.budget import seconds_left_today
from matchmaker.web import htmx
from matchmaker.web.error_pages import error_page


def not_published(organisation: Organisation) -> Response:
    """Who offers is known to the programme before firms are shown to it: a page, not an error."""
    if htmx.wants_partial():
        return error_page(403, _("Firms are shown once your organisation is published."))
    page = render_template("suggestions/not_published.html", organisation=organisation)
    return htmx.varied(make_response(page))


def looked_enough(organisation: Organisation) -> Response:
    """Too many firms for one day: the same for a person and for a machine, and staff look."""
    afterwards.tell_of_many_seen(organisation)
    enough = _(
        "You have looked through as many firms as a day allows. Go on tomorrow, or write to the"
        " programme if you need to see more."
    )
    response = error_page(429, enough)
    response.headers["Retry-After"] = str(seconds_left_today())
    return response
