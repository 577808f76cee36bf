"""What staff narrow the numbers by: a form of a GET, so that a view can be kept and sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.accounts.access import StaffScope
from matchmaker.organisations.models import Kind
from matchmaker.programme.services.rollups.months import later
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.web.forms import CodeField, Form

YEARS = 3
Pair = tuple[str, str]


class SelectionForm(Form):
    class Meta(Form.Meta):
        csrf = False

    period = CodeField(_l("Period"), codes=[], first=_l("Last 12 months"))
    province = CodeField(_l("Province"), codes=[], first=_l("All in my scope"))
    kind = CodeField(_l("Kind"), codes=[], first=_l("Money and services"))
    women = CodeField(_l("Owned by"), codes=[], first=_l("Anyone"))
    members = CodeField(_l("Members of"), codes=[], first=_l("Everybody"))

    def __init__(self, today: date, provinces: Sequence[Pair], introducers: Sequence[Pair]) -> None:
        super().__init__(formdata=request.args)
        self.today = today
        self.period.codes = _periods(today)
        self.province.codes = list(provinces)
        self.kind.codes = [(Kind.FINANCE.value, _("Money")), (Kind.SERVICE.value, _("Services"))]
        self.women.codes = [("women", _("Women, half or more"))]
        self.members.codes = list(introducers)
        if not introducers:
            del self.members
        # What is not on the list narrows nothing: an old link still opens the page.
        self.validate()

    def value(self, name: str) -> str:
        if name not in self or self[name].errors:
            return ""
        return self[name].data or ""

    def chosen(self) -> dict[str, str]:
        """What is on, as it stands in an address."""
        found = {name: self.value(name) for name in self.values()}
        return {name: value for name, value in found.items() if value}

    def selection(self, scope: StaffScope) -> Selection:
        first, last = months_of(self.value("period"), self.today)
        members = self.value("members")
        return Selection(
            scope=scope,
            first=first,
            last=last,
            province=self.value("province"),
            kind=self.value("kind"),
            women=bool(self.value("women")),
            introducer_id=int(members) if members else None,
        )

    def period_words(self) -> str:
        value: Any = self.value("period")
        return str(dict(_periods(self.today)).get(value, _("Last 12 months")))


def _periods(today: date) -> list[Pair]:
    years = [str(today.year - back) for back in range(YEARS)]
    return [("quarter", _("This quarter")), *zip(years, years, strict=True), ("all", _("All time"))]


def months_of(period: str, today: date) -> tuple[date | None, date | None]:
    """First and last month; the last 12 months, this one included, unless told otherwise."""
    this = today.replace(day=1)
    if period == "all":
        return None, None
    if period == "quarter":
        return later(this, -((this.month - 1) % 3)), this
    if period.isdigit():
        return date(int(period), 1, 1), date(int(period), 12, 1)
    return later(this, -11), this
