"""Texts in any script, and yes or no."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import fields, widgets
from wtforms.validators import ValidationError

from matchmaker.language.text import TextError, clean_line, normalise
from matchmaker.web.filters import ngettext, number

_YES = frozenset({"y", "on", "1"})


def _message(code: str) -> str:
    if code == "bidi_control":
        return _("This has hidden signs that turn the direction of writing. Type it again by hand.")
    return _("This has signs that cannot be shown. Type it again by hand.")


class Line(widgets.TextInput):  # type: ignore[misc]
    """No maxlength: browsers cut pasted text without a word; the server says what is too long."""

    validation_attrs = ["required", "disabled"]


class Area(widgets.TextArea):  # type: ignore[misc]
    validation_attrs = ["required", "disabled"]


class TextField(fields.StringField):  # type: ignore[misc]
    """One line: a name, an address. `maximum` is the length on the model; `kind` the input type."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        maximum: int = 200,
        kind: str = "text",
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.maximum = maximum
        self.widget = Line(kind)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        try:
            self.data = self.clean(valuelist[0])
        except TextError as error:
            self.data = normalise(valuelist[0])
            raise ValueError(_message(error.code)) from error

    def clean(self, text: str) -> str:
        return clean_line(text)

    def pre_validate(self, form: Any) -> None:
        over = len(self.data or "") - self.maximum
        if over > 0:
            raise ValidationError(
                ngettext(
                    "This is %(num)s letter too long. Keep it to %(maximum)s.",
                    "This is %(num)s letters too long. Keep it to %(maximum)s.",
                    over,
                    maximum=number(self.maximum),
                )
            )

    def _value(self) -> str:
        return str(self.data or "")


class LongTextField(TextField):
    """Several lines, in the writer's own words."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, maximum: int = 5000, **more: Any
    ) -> None:
        super().__init__(label, validators, maximum=maximum, **more)
        self.widget = Area()

    def clean(self, text: str) -> str:
        return normalise(text).strip()


class BooleanField(fields.BooleanField):  # type: ignore[misc]
    """A tick box: sent as y, on or 1, or not sent at all; anything else was not our page."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = bool(valuelist)
        if valuelist and valuelist[0] not in _YES:
            self.data = False
            raise ValueError(_("Tick the box or leave it empty."))
