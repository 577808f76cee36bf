"""The terms of a loan offer, and by whom its funder is licensed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.models import FeeWhen, InterestCounted, Security
from matchmaker.web.forms import (
    CodeField,
    CodesField,
    DateField,
    MoneyField,
    NumberField,
    TextField,
)

ALL_OF_IT = 100
#: Forty years: nobody here lends for longer, and every plan of payments stays small.
MOST_MONTHS = 480

COUNTED = (
    (InterestCounted.DECLINING.value, _l("on what is still owed")),
    (InterestCounted.FLAT.value, _l("on the first amount, to the end (flat)")),
)
FEE_WHEN = (
    (FeeWhen.PAYOUT.value, _l("kept back when the money is paid out")),
    (FeeWhen.BEFORE.value, _l("before the loan is given")),
)
SECURITY = (
    (Security.NONE.value, _l("none")),
    (Security.LAND.value, _l("land or a house")),
    (Security.VEHICLE.value, _l("a vehicle")),
    (Security.MOVABLE.value, _l("machines or stock")),
    (Security.GROUP.value, _l("a group that answers for each other")),
    (Security.GUARANTOR.value, _l("a person who vouches")),
)


class LoanTermsForm(RoomForm):
    """Firms see from these what the loan costs a month and in all; empty says "not said: ask"."""

    interest_counted = CodeField(
        _l("How do you count the interest?"),
        codes=COUNTED,
        first=_l("Not said"),
        description=_l("At the same number, flat costs a firm nearly twice as much."),
    )
    months_min = NumberField(
        _l("Months to pay back, from"), whole=True, minimum=1, maximum=MOST_MONTHS
    )
    months_max = NumberField(
        _l("Months to pay back, up to"), whole=True, minimum=1, maximum=MOST_MONTHS
    )
    grace_months = NumberField(
        _l("Months of grace"),
        whole=True,
        minimum=0,
        maximum=MOST_MONTHS - 1,
        description=_l("At the start, when only interest is paid. Write 0 for none."),
    )
    fee_percent = NumberField(
        _l("Fees, in per cent of the loan"),
        minimum=0,
        maximum=ALL_OF_IT,
        description=_l("Paid once. Write 0 if there are none."),
    )
    fee_fixed_minor = MoneyField(_l("Fees, a fixed amount"))
    fee_when = CodeField(
        _l("When are the fees paid?"),
        codes=FEE_WHEN,
        first=_l("Not said"),
        description=_l("A fee before the loan is given is not allowed here."),
    )
    security = CodesField(
        _l("What security do you ask for?"),
        codes=SECURITY,
        description=_l("None ticked: not said. Tick “none” if you ask for nothing."),
    )

    def in_currency(self, code: str) -> None:
        """The currency is asked for with the amounts of the offer; here it reads the fee."""
        self.fee_fixed_minor.currency = code
        self.fee_fixed_minor.description = _(
            "Paid once, in the offer's currency (%(code)s).", code=code
        )

    def validate_months_max(self, field: NumberField) -> None:
        low = self["months_min"].data
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError(_("The highest number of months is below the lowest."))

    def validate_grace_months(self, field: NumberField) -> None:
        longest = self["months_max"].data or self["months_min"].data
        if field.data is not None and longest is not None and field.data >= longest:
            raise ValidationError(_("The months of grace are fewer than the months to pay back."))

    def validate_security(self, field: CodesField) -> None:
        if Security.NONE in (field.data or ()) and len(field.data) > 1:
            raise ValidationError(_("Tick “none”, or what you ask for."))

    def values(self) -> dict[str, Any]:
        found = super().values()
        fee = found["fee_percent"]
        found["fee_percent"] = float(fee) if isinstance(fee, Decimal) else fee
        return found


class LicenceForm(RoomForm):
    licence_authority = TextField(
        _l("Who licensed you to lend?"),
        maximum=120,
        description=_l("Such as the central bank or a ministry. Firms see this before they sign."),
    )
    licence_number = TextField(_l("Number of the licence or decree"), maximum=60)
    licence_until = DateField(_l("Valid until"), description=_l("Leave it empty if it has no end."))

    def validate_licence_number(self, field: TextField) -> None:
        if self["licence_authority"].data and not field.data:
            raise ValidationError(_("Write the number too, so that it can be checked."))
        # Firms read it: it is no way past the programme.
        if "@" in (field.data or "") or (field.data or "").startswith("+"):
            raise ValidationError(_("Write the number of the licence, and no way to reach you."))

    def validate_licence_authority(self, field: TextField) -> None:
        if self["licence_number"].data and not field.data:
            raise ValidationError(_("Say who gave it, so that it can be checked."))
