"""Who takes part: organisations with what later steps must know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from matchmaker.accounts.models import Account, Scope
from matchmaker.demo import draw
from matchmaker.demo.sheet import Row, Sheet
from matchmaker.language.keys import name_key
from matchmaker.organisations.models import OrganisationState
from matchmaker.organisations.models.organisation import REPLY_BINS

#: Addresses that no mail ever reaches.
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Temper:
    """How somebody answers: how often, how fast, how willingly."""

    replies: float
    hours: float
    #: Added to the points of a pair before a yes or no is drawn.
    kindness: float


@dataclass(slots=True)
class Party:
    """An organisation, and the account that acts for it (of its own, or of an introducer)."""

    row: Row
    lang: str
    temper: Temper
    account_id: int | None = None
    #: Of an introducer that vouches for it: whose task it is to help it on.
    adviser_id: int | None = None
    bins: list[int] = field(default_factory=lambda: [0] * REPLY_BINS)

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def country(self) -> str:
        return str(self.row["country"])

    def seen(self, at: datetime) -> None:
        """A sign of life."""
        last = self.row["last_active_at"]
        if last is None or last < at:
            self.row["last_active_at"] = at


@dataclass(slots=True)
class Scene:
    """What every step needs: the draws, the moment, the sheet."""

    rng: Random
    now: datetime
    sheet: Sheet

    @property
    def today(self) -> date:
        return self.now.date()

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def agreed_at(self, at: datetime, version: str) -> datetime:
        """When somebody of `at` agreed to the text of this date: not before it was written."""
        # A month alone is its first day.
        written = datetime.fromisoformat(f"{version}-01"[:10]).replace(tzinfo=at.tzinfo)
        return min(max(at, written), self.now)

    def id(self) -> str:
        return draw.public_id(self.rng)


@lru_cache(maxsize=65536)
def _key(name: str) -> str:
    return name_key(name)[:160]


#: What an organisation says of itself before its owner has said anything.
_UNTOLD: Row = {
    "state": OrganisationState.PUBLISHED,
    "is_firm": False,
    "is_funder": False,
    "is_provider": False,
    "is_introducer": False,
    "name_latin": "",
    "show_name": False,
    "district": "",
    "plain_sector": "",
    "sector": "",
    "stage": "",
    "legal_form": "",
    "founded_year": None,
    "staff": None,
    "turnover_minor": None,
    "capital_minor": None,
    "size_class": "",
    "size_rule": "",
    "languages": [],
    "women_share": None,
    "women_decide": None,
    "ownership": [],
    "exports": None,
    "export_share": None,
    "export_countries": [],
    "certificates": [],
    "impact": [],
    "readiness_answers": {},
    "readiness": None,
    "about": "",
    "about_lang": "",
    "website": "",
    "contact_name": "",
    "contact_email": "",
    "contact_telephone": "",
    "contact_address": "",
    "steps_done": ["name"],
    "review_note": "",
    "submitted_at": None,
    "published_at": None,
    "second_look_at": None,
    "last_active_at": None,
    "reply_bins": [0] * REPLY_BINS,
}


def organisation_row(scene: Scene, **values: Any) -> Row:
    """A row of the organisation table with every column that any of the demo's rows names."""
    row: Row = {"public_id": scene.id(), "created_at": scene.now, "updated_at": scene.now}
    return row | _UNTOLD | values | {"name_key": _key(values["name"])}


def account_row(scene: Scene, **values: Any) -> Row:
    """Of somebody who cannot sign in, unless a password is given."""
    row: Row = {
        "public_id": scene.id(),
        "email": None,
        "telephone": None,
        "username": None,
        "password": None,
        "fs_uniquifier": f"{scene.rng.getrandbits(128):032x}",
        "confirmed_at": None,
        "tf_primary_method": None,
        "tf_totp_secret": None,
        "time_zone": "Asia/Vientiane",
        "staff_role": None,
        "scope": Scope.ALL,
        "scope_values": [],
        "is_demo": True,
        "created_at": scene.now,
        "updated_at": scene.now,
    }
    return scene.sheet.add(Account, **(row | values))


def telephone(scene: Scene, country: str) -> str:
    """Looks like one and is none: these ranges are given to nobody."""
    start = {"LA": "020 00", "KH": "010 00", "TH": "080 00", "VN": "090 00", "MM": "09 000"}
    digits = f"{scene.rng.randrange(10**6):06d}"
    return f"{start.get(country, '130 00')}{digits[:2]} {digits[2:]}"
