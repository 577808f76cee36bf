"""Numbers and amounts in local digits; what was typed stays in the field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms.fields import Field
from wtforms.validators import ValidationError

from matchmaker.language.numbers import NumberError, parse_number
from matchmaker.language.text import normalise
from matchmaker.vocabulary.currencies import exponent, from_minor, to_minor
from matchmaker.web.forms.text import Line

#: Above this a float, a spreadsheet and JavaScript lose units.
LARGEST = 2**53
_MOST_TYPED = 200


class NumberField(Field):  # type: ignore[misc]
    """A number, an int when `whole`; `data` is None for an empty or unreadable answer."""

    widget = Line()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int = LARGEST,
        whole: bool = False,
        **more: Any,
    ) -> None:
        more["render_kw"] = {"inputmode": "decimal"} | (more.get("render_kw") or {})
        super().__init__(label, validators, **more)
        self.minimum, self.maximum, self.whole = minimum, maximum, whole

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            value = parse_number(valuelist[0], _language())
        except NumberError as error:
            if error.code != "empty":
                raise ValueError(number_message(error.code)) from error
            return
        self.data = self.checked(value)

    def checked(self, value: Decimal) -> Any:
        if value > self.maximum:
            raise ValueError(_("Write %(number)s or less.", number=_written(self.maximum)))
        if value < (-LARGEST if self.minimum is None else self.minimum):
            least = -LARGEST if self.minimum is None else self.minimum
            raise ValueError(_("Write %(number)s or more.", number=_written(least)))
        if self.whole and value % 1:
            raise ValueError(_("Write a whole number, such as %(example)s.", example=_written(12)))
        return int(value) if self.whole else value

    def _value(self) -> str:
        if self.raw_data:
            return normalise(self.raw_data[0])[:_MOST_TYPED]
        return "" if self.data is None else _written(self.data)


class MoneyField(NumberField):
    """An amount; `data` is an int of minor units once the form was validated.

    `currency` is a code, or the name of the field beside it that holds one.
    """

    def __init__(
        self, label: Any = None, validators: Any = None, *, currency: str = "currency", **more: Any
    ) -> None:
        super().__init__(label, validators, **({"minimum": 0} | more))
        self.currency = currency
        self._typed: Decimal | None = None

    def checked(self, value: Decimal) -> Any:
        self._typed = super().checked(value)
        return None

    def pre_validate(self, form: Any) -> None:
        code = self._code(form)
        if self._typed is None or code is None:
            return
        places = exponent(code)
        if self._typed != round(self._typed, places):
            raise ValidationError(
                _("Write at most %(places)s digits after the mark.", places=places)
            )
        minor = to_minor(self._typed, code)
        if minor > LARGEST:
            raise ValidationError(number_message("too_large"))
        self.data = minor

    def _code(self, form: Any) -> str | None:
        if len(self.currency) == 3 and self.currency.isupper():
            return self.currency
        found: str | None = form[self.currency].data
        return found

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        return _written(from_minor(self.data, self._code(self._form) or "USD"))


def number_message(code: str) -> str:
    """What to write instead, for a code of NumberError."""
    example = _written(80_000_000)
    if code in ("too_large", "too_long"):
        return _("This number is too large. Write %(most)s or less.", most=_written(LARGEST))
    if code == "ambiguous":
        return _("This can be read in two ways. Write it without marks, such as 1000 or 1.5.")
    return _("Write a number, such as %(example)s.", example=example)


def _written(value: Decimal | int) -> str:
    """A number as its reader would type it, so that what a form shows can be sent back."""
    pattern = "#,##0" if value == int(value) else "#,##0.00"
    return format_decimal(value, pattern, locale=get_locale())


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"
