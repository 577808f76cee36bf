"""Trying other numbers on a loan: read from the address, changes nothing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from matchmaker.contacts.borrowing.terms import MOST_MONTHS
from matchmaker.contacts.services.borrowing import Asked
from matchmaker.organisations.forms.base import Always
from matchmaker.web.forms import Form, MoneyField, NumberField


class TryForm(Form):
    class Meta(Form.Meta):  # type: ignore[misc]
        csrf = False

    amount = MoneyField(_l("How much would you borrow?"), [Always()], minimum=1)
    months = NumberField(
        _l("Over how many months?"), [Always()], whole=True, minimum=1, maximum=MOST_MONTHS
    )

    def __init__(self, formdata: MultiDict[str, str] | None, usual: Asked) -> None:
        stored: dict[str, Any] = {"amount": usual.amount, "months": usual.months}
        super().__init__(formdata, data=stored)
        self.amount.currency = usual.currency
        self.amount.description = _l("In the currency %(code)s.", code=usual.currency)
        self.usual = usual

    def asked(self) -> Asked | None:
        """What is to be counted; None while an answer needs another look."""
        if self.formdata_given and not self.validate():
            return None
        return Asked(self.amount.data, self.usual.currency, self.months.data or 1)

    @property
    def formdata_given(self) -> bool:
        return self.months.raw_data is not None or self.amount.raw_data is not None


def try_form(args: MultiDict[str, str], usual: Asked) -> TryForm:
    """Without a number in the address the form opens with the usual ones."""
    given = "amount" in args or "months" in args
    return TryForm(args if given else None, usual)
