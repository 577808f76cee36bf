"""What stands in the bar of every page, by who reads it."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Integer, Select, bindparam, exists, select

from matchmaker.accounts.access import current_account
from matchmaker.contacts.access import waiting_for
from matchmaker.extensions import clock, db
from matchmaker.notifications.services import unread_count
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.web.access import staff_rank

Item = tuple[str, str, str, int]


class Counts(NamedTuple):
    """What the bar and its menu tell of."""

    waiting: int = 0
    notices: int = 0
    #: Whoever is asked in the name of a firm reads of a business; a fund or a chamber is none.
    in_business: bool = False


def _counts() -> Counts:
    """In one query: each page of whoever is signed in asks it."""
    if not current_user.is_authenticated:
        return Counts()
    account_id, session = current_account().id, db.session()
    if staff_rank():
        return Counts(notices=session.scalar(unread_count(account_id)) or 0)
    given = {"account_id": account_id, "now": clock.now()}
    return Counts(*session.execute(_all(), given).one())


@cache
def _all() -> Select[int, int, bool]:
    """Made once: putting it together takes longer than its answer."""
    mine = bindparam("account_id", type_=Integer)
    firms = (
        exists()
        .where(Membership.account_id == mine, Membership.organisation_id == Organisation.id)
        .where(Organisation.is_firm.is_(True))
    )
    waiting, unread = waiting_for(mine).scalar_subquery(), unread_count(mine).scalar_subquery()
    return select(waiting, unread, firms)


def _items(waiting: int, own: str) -> list[Item]:
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
            ("contacts.requests", "mail", _("Requests"), waiting),
            ("organisations.mine", "person", own, 0),
        ]
    return [
        ("organisations.catalogue", "cloth", _("Catalogue"), 0),
        ("accounts.sign_in", "home", _("Sign in"), 0),
        ("home.help", "help", _("Help"), 0),
    ]


def context() -> dict[str, Any]:
    known = current_app.view_functions
    counts = _counts()
    own = _("My business") if counts.in_business else _("My profile")
    items = [item for item in _items(counts.waiting, own) if item[0] in known]
    return {
        "nav_items": [
            (url_for(endpoint), icon, label, _is_current(endpoint), count)
            for endpoint, icon, label, count in items
        ],
        "unread_notices": counts.notices,
        "own_label": own,
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
