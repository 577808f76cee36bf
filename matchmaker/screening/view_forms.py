"""What a table of firms is narrowed, ordered and shown by; and the form that keeps it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from matchmaker.organisations.forms.base import Always, VersionField
from matchmaker.organisations.forms.importing import ExportForm
from matchmaker.organisations.models import Offer
from matchmaker.screening import columns
from matchmaker.screening.models import SavedView, ViewOrder
from matchmaker.screening.services import sheets
from matchmaker.screening.services.digest import LEASTS
from matchmaker.screening.services.saved_views import Draft
from matchmaker.suggestions.forms import NeedFilterForm
from matchmaker.web.filters import ngettext, number
from matchmaker.web.forms import CodeField, CodesField, Form, TextField

#: In the address: what follows is chosen now, in the place of what the view keeps.
EDITED = "edited"
_OWN = ("order", "columns")


def _orders(language: str) -> list[tuple[str, str]]:
    return [
        (ViewOrder.NEWEST.value, _("Newest first")),
        (ViewOrder.ACTIVE.value, _("Last active first")),
    ]


def _columns(language: str) -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in columns.COLUMNS.items()]


class FirmsForm(NeedFilterForm):
    """The filters of an offer's list, an order and columns; a view's own until others are sent."""

    order = CodeField(_l("Order"), codes=_orders, first=_l("Best fit first"))
    columns = CodesField(_l("Columns"), codes=_columns)

    def __init__(
        self, offer: Offer, view: SavedView | None = None, given: MultiDict[str, str] | None = None
    ) -> None:
        self.edited = view is None or EDITED in request.args
        kept = None if self.edited or view is None else _kept(view)
        super().__init__(offer, given or kept)

    @classmethod
    def saved(cls, view: SavedView) -> FirmsForm:
        """What the view keeps, whatever the address says."""
        return cls(view.offer, view, _kept(view))

    def prepare(self) -> None:
        super().prepare()
        # The ticks say what the table shows, also where nothing was chosen.
        self.columns.data = list(columns.known(self.columns.data or ()))

    def filter_values(self) -> dict[str, Any]:
        """The filters that are on, as an address and a view hold them."""
        found = super().link_values()
        return {name: value for name, value in found.items() if name not in _OWN}

    def chosen(self) -> int:
        return len(self.filter_values())

    @property
    def wanted_order(self) -> ViewOrder:
        return ViewOrder(self.value("order") or ViewOrder.SCORE)

    @property
    def wanted_columns(self) -> tuple[str, ...]:
        return columns.known(self.value("columns") or ())

    def link_values(self) -> dict[str, Any]:
        """What an address needs to open the same table."""
        found = self.filter_values()
        if self.value("order"):
            found["order"] = self.value("order")
        if self.wanted_columns != columns.DEFAULT:
            found["columns"] = list(self.wanted_columns)
        return found

    def draft(self, name: str) -> Draft:
        return Draft(name, self.filter_values(), self.wanted_order, self.wanted_columns)

    def filter_words(self) -> list[str]:
        """The filters that are on, in words."""
        return [self._words(name) for name in self.filter_values()]

    def _words(self, name: str) -> str:
        field = self[name]
        if not hasattr(field, "iter_choices"):
            return str(field.label.text)
        chosen = [one.label for one in field.iter_choices() if one.selected and one.value]
        return _("%(what)s: %(value)s", what=field.label.text, value=", ".join(map(str, chosen)))


def _kept(view: SavedView) -> MultiDict[str, str]:
    order = None if view.order is ViewOrder.SCORE else view.order.value
    kept = {**view.filters, "order": order, "columns": list(view.columns)}
    return MultiDict({name: value for name, value in kept.items() if value})


class ViewForm(Form):
    """A view's name, and what mail it causes: each choice says how many firms it would tell of."""

    version = VersionField()
    name = TextField(
        _l("Name of the view"),
        validators=[Always()],
        maximum=SavedView.NAME_MAX,
        description=_l("Your colleagues see it too."),
    )
    mail = CodeField(_l("Mail about new firms"), [Always()], codes=[], radio=True, default="none")

    def __init__(self, would_have: dict[int, int], **more: Any) -> None:
        super().__init__(**more)
        self.mail.codes = _mails(would_have)

    @property
    def least(self) -> int | None:
        return None if self.mail.data in (None, "none") else int(self.mail.data)


class SheetForm(ExportForm):
    """How much of a view is taken out, and as what."""

    rows = CodeField(_l("How many firms"), [Always()], codes=[], radio=True)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rows.codes = [
            (str(one), _("The first %(count)s", count=number(one))) for one in sheets.SIZES
        ]


def _mails(would_have: dict[int, int]) -> list[tuple[str, str]]:
    return [("none", _("No mail")), *((str(one), _mail(one, would_have[one])) for one in LEASTS)]


def _mail(least: int, firms: int) -> str:
    return ngettext(
        "New firms with %(least)s points or more. Of the last 30 days, %(num)s firm would have"
        " been in it.",
        "New firms with %(least)s points or more. Of the last 30 days, %(num)s firms would have"
        " been in it.",
        firms,
        least=number(least),
    )
