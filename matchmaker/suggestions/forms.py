"""What a reader narrows a list by, and why a match is not for them."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from matchmaker.matching.index import Filters
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.suggestions.need_filters import band, need_filters, place_attrs
from matchmaker.suggestions.words.places import place_choices
from matchmaker.vocabulary import bands
from matchmaker.vocabulary.instruments import INSTRUMENT_GROUPS, INSTRUMENTS
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.readiness import LEVELS
from matchmaker.vocabulary.reasons import NOT_FOR_ME_REASONS
from matchmaker.vocabulary.sectors import ISIC4
from matchmaker.vocabulary.services import SERVICE_GROUPS, SERVICES
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web.filters import money_about, usd_band
from matchmaker.web.forms import BooleanField, CodeField, CodesField, Form

_TABS = ("fit", "near", "out")


class FilterForm(Form):
    """A form of a GET: it is in the address, so a list can be kept, sent and gone back to.

    ``given``: the answers, where they were kept elsewhere.
    """

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, row: Need | Offer, given: MultiDict[str, str] | None = None) -> None:
        super().__init__(formdata=request.args if given is None else given)
        self.row = row
        self.prepare()
        # What is not on the list narrows nothing: an old link still opens a list.
        self.validate()

    def prepare(self) -> None:
        """Take off or change what does not fit this row; before anything is checked."""

    def chosen(self) -> int:
        """How many filters are on."""
        return sum(bool(self.value(name)) for name in self.values())

    def value(self, name: str) -> Any:
        field = self[name]
        return None if field.errors else field.data

    def link_values(self) -> dict[str, Any]:
        """The filters as they stand in an address."""
        found = {name: self.value(name) for name in self.values()}
        return {name: "y" if value is True else value for name, value in found.items() if value}

    def filters(self) -> Filters:
        raise NotImplementedError


def _bands(language: str) -> list[tuple[str, str]]:
    return [(band.key, usd_band(band)) for band in bands.BANDS]


def _bands_about(rate: float, currency: str) -> list[tuple[str, str]]:
    """The bands, and about what each is in the currency that the need is written in."""
    return [
        (
            one.key,
            _(
                "%(dollars)s (about %(amount)s)",
                dollars=usd_band(one),
                amount=money_about(one, rate, currency),
            ),
        )
        for one in bands.BANDS
    ]


def _sections(language: str) -> list[tuple[str, str]]:
    return [(code.code, code.label(language)) for code in ISIC4 if code.parent is None]


class OfferFilterForm(FilterForm):
    """Among offers, for a need."""

    code = CodesField(_l("Kind of money"), codes=INSTRUMENT_GROUPS)
    place = CodeField(_l("Works in"), codes=place_choices, first=_l("Anywhere"))
    amount = CodeField(_l("Amount, in US dollars"), codes=_bands, first=_l("Any amount"))
    language = CodeField(_l("They speak"), codes=LANGUAGES, first=_l("Any language"))
    eligible = BooleanField(_l("Only where all rules are known to be met"))

    def prepare(self) -> None:
        if self.row.rate and self.row.currency != "USD":
            self.amount.codes = _bands_about(self.row.rate, self.row.currency)
        if self.row.kind is Kind.FINANCE:
            return
        if self.row.code:
            # It is compared with its own category only.
            del self.code
        else:
            self.code.codes, self.code.label.text = SERVICE_GROUPS, _("Kind of service")

    def filters(self) -> Filters:
        return Filters(
            codes=_of_groups(self.row.kind, self.value("code") if "code" in self else None),
            attrs=_attrs(place=self.value("place"), language=self.value("language")),
            amount=band(self.value("amount")),
            only_met=bool(self.value("eligible")),
        )


class NeedFilterForm(FilterForm):
    """Among needs, for an offer."""

    place = CodeField(_l("Place"), codes=place_choices, first=_l("Anywhere"))
    sector = CodeField(_l("Sector"), codes=_sections, first=_l("Any sector"))
    size = CodesField(_l("Size"), codes=SIZES)
    women = BooleanField(_l("More than half owned by women"))
    amount = CodeField(_l("Amount, in US dollars"), codes=_bands, first=_l("Any amount"))
    readiness = CodeField(
        _l("Digital readiness, at least"), codes=LEVELS, first=_l("Any readiness")
    )
    eligible = BooleanField(_l("Only where all rules are known to be met"))

    def filters(self) -> Filters:
        return need_filters({name: self.value(name) for name in self.values()})


class NotForMeForm(Form):
    reason = CodeField(_l("Why is it not for you?"), codes=NOT_FOR_ME_REASONS, radio=True)


def tab() -> str:
    wanted = request.args.get("tab", "")
    return wanted if wanted in _TABS else _TABS[0]


def _of_groups(kind: Kind, groups: list[str] | None) -> tuple[str, ...]:
    codes = INSTRUMENTS if kind is Kind.FINANCE else SERVICES
    return tuple(code.full for code in codes if code.parent in (groups or ()))


def _attrs(place: str | None, language: str | None) -> dict[str, tuple[str, ...]]:
    return place_attrs(place) | ({"language": (f"language:{language}",)} if language else {})
