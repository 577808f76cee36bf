"""Days and moments, typed or picked; a Buddhist year is pointed out, not guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import widgets
from wtforms.fields import Field

from matchmaker.language.text import ascii_digits, normalise

FIRST_YEAR, LAST_YEAR = 1900, 2100
_BUDDHIST_AHEAD = 543
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")
_MOST_TYPED = 40


class DayInput(widgets.DateInput):  # type: ignore[misc]
    """A date picker; a text box once something unreadable was typed, which a picker would hide."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        if field.errors and field.raw_data:
            attributes |= {"type": "text", "inputmode": "numeric"}
        html: Markup = super().__call__(field, **attributes)
        return html


class DateField(Field):  # type: ignore[misc]
    """A day between `first` and `last` year; `data` is a date or None."""

    widget = DayInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        first: int = FIRST_YEAR,
        last: int = LAST_YEAR,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.first, self.last = first, last

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = ascii_digits(valuelist[0][:_MOST_TYPED]).strip() if valuelist else ""
        if text:
            self.data = self._read(text)

    def _read(self, text: str) -> date:
        year, month, day = _parts(text)
        if not self.first <= year <= self.last:
            raise ValueError(self._wrong_year(year))
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValueError(_("There is no such day. Look at day and month again.")) from error

    def _wrong_year(self, year: int) -> str:
        western = year - _BUDDHIST_AHEAD
        if self.first <= western <= self.last:
            return _(
                "%(year)s looks like a Buddhist year. Write %(western)s.",
                year=year,
                western=western,
            )
        return _("Write a year from %(first)s to %(last)s.", first=self.first, last=self.last)

    def _value(self) -> str:
        if self.raw_data:
            typed = normalise(self.raw_data[0])[:_MOST_TYPED]
            return typed if self.errors or self.data is None else self.data.isoformat()
        return self.data.isoformat() if self.data else ""


class MomentInput(DayInput):
    input_type = "datetime-local"


class MomentField(DateField):
    """A day and a time by the reader's clock; `data` is a datetime without a zone, or None."""

    widget = MomentInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = ascii_digits(valuelist[0][:_MOST_TYPED]).strip() if valuelist else ""
        if not text:
            return
        day, _between, clock = text.replace("T", " ").rpartition(" ")
        found = _CLOCK.fullmatch(clock)
        if not day or found is None:
            raise ValueError(_("Write a day and a time, such as 2026-03-04 14:00."))
        try:
            at = time(int(found[1]), int(found[2]))
        except ValueError as error:
            raise ValueError(_("There is no such time. Write it as 14:00.")) from error
        self.data = datetime.combine(self._read(day.strip()), at)

    def _value(self) -> str:
        typed = super()._value()
        return typed[:16] if self.data is not None and not self.errors else typed


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month and day of 2026-03-04 or 4/3/2026: nobody here writes the month first."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError(_("Write a day, such as 2026-03-04."))
    return int(year), int(month), int(day)
