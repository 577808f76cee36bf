"""What stands in the bar of every page, by who reads it."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from matchmaker.accounts.access import current_account
from matchmaker.contacts.access import waiting_for
from matchmaker.web.access import staff_rank

Item = tuple[str, str, str, int]


def _items() -> list[Item]:
    """(endpoint, icon, label, count)."""
    if staff_rank():
        return [
            ("programme.statistics", "chart", _("Numbers"), 0),
            ("programme.requests", "mail", _("Requests"), 0),
            ("programme.reviews", "note", _("Reviews"), 0),
            ("home.help", "help", _("Help"), 0),
        ]
    if current_user.is_authenticated:
        return [
            ("home.start", "home", _("Start"), 0),
            ("suggestions.matches", "cloth", _("Matches"), 0),
            ("contacts.requests", "mail", _("Requests"), waiting_for(current_account())),
            ("organisations.mine", "person", _("My business"), 0),
        ]
    return [
        ("organisations.catalogue", "cloth", _("Catalogue"), 0),
        ("accounts.sign_in", "home", _("Sign in"), 0),
        ("home.help", "help", _("Help"), 0),
    ]


def context() -> dict[str, Any]:
    known = current_app.view_functions
    items = [item for item in _items() if item[0] in known]
    return {
        "nav_items": [
            (url_for(endpoint), icon, label, _is_current(endpoint), count)
            for endpoint, icon, label, count in items
        ],
        "programme_name": current_app.config["PROGRAMME_NAME"],
    }


def _is_current(endpoint: str) -> bool:
    """The item of the page itself, else of its room; the catalogue is nobody's own business."""
    here = request.endpoint or ""
    if here == "organisations.showroom_page":
        # What stands there is somebody's own, whoever reads it.
        return False
    if here.startswith("organisations.catalogue"):
        return endpoint == "organisations.catalogue"
    return endpoint == here or (
        endpoint.split(".")[0] == here.split(".")[0]
        and not endpoint.startswith(("home.", "programme."))
    )
