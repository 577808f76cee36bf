"""The staff pages beside each other, as far as the reader's role opens them."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account, scope_of
from matchmaker.web.access import STAFF_RANKS, staff_rank

#: Pages that show figures of everybody at once.
WHOLE_PROGRAMME = frozenset({"programme.model"})


def pages_beside() -> list[dict[str, Any]]:
    """All of them on one of them, whichever room it is of; none elsewhere."""
    pages = [
        ("programme.statistics", _("Numbers"), "viewer"),
        ("programme.reviews", _("Reviews"), "viewer"),
        ("programme.requests", _("Requests"), "viewer"),
        ("organisations.evidence_waiting", _("Papers"), "viewer"),
        ("programme.tasks", _("Tasks"), "viewer"),
        ("accounts.people", _("People"), "officer"),
        ("organisations.import_new", _("Import"), "officer"),
        ("organisations.export", _("Export"), "officer"),
        ("programme.model", _("Model"), "viewer"),
        ("programme.jobs", _("Jobs"), "officer"),
        ("programme.staff_list", _("Staff"), "admin"),
    ]
    if not staff_rank() or request.endpoint not in {endpoint for endpoint, _label, _least in pages}:
        return []
    return [
        {"label": label, "url": url_for(endpoint), "current": endpoint == request.endpoint}
        for endpoint, label, least in pages
        if staff_rank() >= STAFF_RANKS[least]
        and endpoint in current_app.view_functions
        and (endpoint not in WHOLE_PROGRAMME or scope_of(current_account()).everything)
    ]
