"""An offer in four steps: what is given, for whom, what must be shown, what it aims at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import (
    Always,
    GroupedCodesField,
    RoomForm,
    currencies,
    text_languages,
)
from matchmaker.organisations.forms.choices import (
    countries_and_provinces,
    country_label,
    impact_aims,
    sector_choices,
    sector_heading,
)
from matchmaker.organisations.models import Offer
from matchmaker.organisations.services.criteria import MUST, PREFER
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.services import SERVICES
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.vocabulary.stages import STAGES
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    LongTextField,
    MoneyField,
    NumberField,
    TextField,
)

MOST_PLACES = 1000
MOST_DAYS = 730
MOST_YEARS = 200
ALL_OF_IT = 100
MOST_PEOPLE = 100_000

WEIGHTS = ((MUST, _l("Must: others do not see it")), (PREFER, _l("Preferred: others come later")))
PRICE_UNITS = (("once", _l("once")), ("month", _l("a month")), ("year", _l("a year")))


class WhatForm(RoomForm):
    """What both kinds of offer say of themselves."""

    title = TextField(
        _l("Name of the offer"),
        [Always(_l("Give the offer a name."))],
        maximum=Offer.TITLE_MAX,
    )
    lang = CodeField(_l("Language of the name and the text"), [Always()], codes=text_languages)
    currency = CodeField(_l("Currency"), [Always()], codes=currencies)
    amount_rule = CodeField(
        _l("How strict is this range?"), codes=WEIGHTS, first=_l("Not strict: it is a guide")
    )
    fees = TextField(_l("Fees"), maximum=200)
    languages = CodesField(_l("Languages you serve firms in"), codes=LANGUAGES)
    decision_days = NumberField(
        _l("Days until you decide"), whole=True, minimum=0, maximum=MOST_DAYS
    )
    places = NumberField(
        _l("Requests you can handle in a month"),
        [Always()],
        whole=True,
        minimum=0,
        maximum=MOST_PLACES,
        description=_l("When this month's places are taken, nobody more can ask."),
    )
    deploying = BooleanField(
        _l("Open now"),
        description=_l(
            "Off: it stays in the catalogue as not deploying now, and is not suggested."
        ),
    )

    def validate_amount_max_minor(self, field: MoneyField) -> None:
        low = self["amount_min_minor"].data
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError(_("The highest amount is below the lowest."))


class FinanceOfferForm(WhatForm):
    code = CodeField(_l("What kind of finance?"), [Always()], codes=INSTRUMENTS)
    amount_min_minor = MoneyField(_l("From"))
    amount_max_minor = MoneyField(_l("Up to"))
    purposes = CodesField(
        _l("What it may be for"), codes=PURPOSES, description=_l("None ticked: anything.")
    )
    interest_min = NumberField(
        _l("Yearly interest from, in per cent"), minimum=0, maximum=ALL_OF_IT
    )
    interest_max = NumberField(
        _l("Yearly interest up to, in per cent"), minimum=0, maximum=ALL_OF_IT
    )

    def validate_interest_max(self, field: NumberField) -> None:
        low = self["interest_min"].data
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError(_("The highest interest is below the lowest."))

    def values(self) -> dict[str, Any]:
        found = super().values()
        for name in ("interest_min", "interest_max"):
            value = found[name]
            found[name] = float(value) if isinstance(value, Decimal) else value
        return found


class ServiceOfferForm(WhatForm):
    code = CodeField(_l("What kind of service?"), [Always()], codes=SERVICES)
    amount_min_minor = MoneyField(_l("Price from"))
    amount_max_minor = MoneyField(_l("Price up to"))
    price_unit = CodeField(_l("The price is paid"), codes=PRICE_UNITS)
    free_tier = BooleanField(_l("There is a version without cost"))
    works_offline = BooleanField(_l("It works without internet"))


class WhoForm(RoomForm):
    """Whom the offer is for: the answers of `services.criteria`."""

    places = GroupedCodesField(
        _l("Places you serve"),
        group_of=country_label,
        codes=countries_and_provinces,
        description=_l("None ticked: everywhere. Tick a country for all of it."),
    )
    places_weight = CodeField(_l("Other places"), codes=WEIGHTS, first=_l("Choose"))
    places_out = GroupedCodesField(
        _l("Places you do not serve"),
        group_of=country_label,
        codes=countries_and_provinces,
    )
    sectors = GroupedCodesField(
        _l("Sectors you serve"),
        group_of=sector_heading,
        codes=sector_choices,
        description=_l("None ticked: all."),
    )
    sectors_weight = CodeField(_l("Other sectors"), codes=WEIGHTS)
    sectors_out = GroupedCodesField(
        _l("Sectors you do not serve"),
        group_of=sector_heading,
        codes=sector_choices,
    )
    stages = CodesField(_l("Stages"), codes=STAGES)
    stages_weight = CodeField(_l("Other stages"), codes=WEIGHTS)
    sizes = CodesField(_l("Size classes"), codes=SIZES)
    sizes_weight = CodeField(_l("Other size classes"), codes=WEIGHTS)
    age_min = NumberField(_l("Years in business, at least"), minimum=0, maximum=MOST_YEARS)
    age_max = NumberField(_l("Years in business, at most"), minimum=0, maximum=MOST_YEARS)
    age_weight = CodeField(_l("Other ages"), codes=WEIGHTS)
    staff_min = NumberField(_l("People, at least"), whole=True, minimum=0, maximum=MOST_PEOPLE)
    staff_max = NumberField(_l("People, at most"), whole=True, minimum=0, maximum=MOST_PEOPLE)
    staff_weight = CodeField(_l("Other numbers of people"), codes=WEIGHTS)
    legal_forms = CodesField(_l("Legal forms"), codes=LEGAL_FORMS)
    legal_forms_weight = CodeField(_l("Other legal forms"), codes=WEIGHTS)
    spoken = CodesField(_l("Languages the firm must work in"), codes=LANGUAGES)
    spoken_weight = CodeField(_l("Other languages"), codes=WEIGHTS)
    ownership = CodesField(_l("Who owns and leads the firm"), codes=OWNERSHIP)
    ownership_weight = CodeField(_l("Others"), codes=WEIGHTS)
    women_share_min = NumberField(
        _l("Share owned by women, at least, in per cent"), minimum=0, maximum=ALL_OF_IT
    )
    women_share_weight = CodeField(_l("Lower shares"), codes=WEIGHTS)
    readiness_min = NumberField(
        _l("Digital readiness, at least, in points of 100"), minimum=0, maximum=ALL_OF_IT
    )
    readiness_weight = CodeField(_l("Less ready firms"), codes=WEIGHTS)
    export = CodeField(_l("Sells abroad"), codes=WEIGHTS, first=_l("Not asked"))

    def validate_age_max(self, field: NumberField) -> None:
        self._in_order("age_min", field)

    def validate_staff_max(self, field: NumberField) -> None:
        self._in_order("staff_min", field)

    def _in_order(self, low_name: str, high: NumberField) -> None:
        low = self[low_name].data
        if low is not None and high.data is not None and high.data < low:
            raise ValidationError(_("The highest number is below the lowest."))

    def values(self) -> dict[str, Any]:
        found = super().values()
        return {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in found.items()
        }


class EvidenceAskedForm(RoomForm):
    evidence_must = CodesField(_l("You must see"), codes=EVIDENCE)
    evidence_prefer = CodesField(_l("Good to have"), codes=EVIDENCE)
    certificates = CodesField(_l("One of these certificates"), codes=CERTIFICATES)
    certificates_weight = CodeField(_l("Firms without one"), codes=WEIGHTS)


class AimsForm(RoomForm):
    impact = CodesField(_l("What good it should do"), codes=impact_aims)
    text = LongTextField(
        _l("What you look for, in your own words"),
        maximum=Offer.TEXT_MAX,
        description=_l(
            "Which firms, what they would do with it, what you have backed before, and what"
            " you cannot take. Firms are compared with these words."
        ),
    )
