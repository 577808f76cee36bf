"""The staff pages beside each other, as far as the reader's role opens them."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from matchmaker.web.access import STAFF_RANKS, staff_rank


def sections() -> list[dict[str, Any]]:
    pages = [
        ("statistics", _("Numbers"), "viewer"),
        ("reviews", _("Reviews"), "viewer"),
        ("requests", _("Requests"), "viewer"),
        ("tasks", _("Tasks"), "viewer"),
        ("jobs", _("Jobs"), "officer"),
        ("staff_list", _("Staff"), "admin"),
    ]
    here = (request.endpoint or "").removeprefix("programme.")
    return [
        {"label": label, "url": url_for(f"programme.{name}"), "current": name == here}
        for name, label, least in pages
        if staff_rank() >= STAFF_RANKS[least] and f"programme.{name}" in current_app.view_functions
    ]
