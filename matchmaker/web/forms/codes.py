"""Choices from a code list: one of them, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import fields, widgets
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import html_params

from matchmaker.vocabulary.codes import CodeList

#: (code, words) pairs, a list of codes, or a function of the reader's language giving pairs.
Codes = CodeList | Iterable[tuple[str, str]] | Callable[[str], Iterable[tuple[str, str]]]


def pairs(codes: Codes, language: str) -> list[tuple[str, str]]:
    if isinstance(codes, CodeList):
        return codes.choices(language)
    return list(codes(language) if callable(codes) else codes)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


class _Offered:
    """What both fields share: the choices of this reader, and stored codes that left the list."""

    codes: Codes
    object_data: Any

    def offered(self) -> list[SelectChoice]:
        found = pairs(self.codes, _language())
        known = {code for code, _label in found}
        stored = (
            self.object_data if isinstance(self.object_data, list | tuple) else [self.object_data]
        )
        left = [(code, self._words(code)) for code in stored if code and code not in known]
        return [SelectChoice(value=code, label=label) for code, label in (*found, *left)]

    def _words(self, code: str) -> str:
        return (
            self.codes.label(code, _language()) if isinstance(self.codes, CodeList) else str(code)
        )


class Select(widgets.Select):  # type: ignore[misc]
    """As WTForms writes it, which looks at a signature for each list and puts the attributes of
    each option together anew: a table's filters hold a hundred options."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        attributes = {"id": field.id, "required": bool(field.flags.required)} | attributes
        options = "".join(map(self._option, field.iter_choices()))
        return Markup(f"<select {html_params(name=field.name, **attributes)}>{options}</select>")  # noqa: S704

    @staticmethod
    def _option(one: fields.choices.Choice) -> str:
        chosen = "selected " if one.selected else ""
        return f'<option {chosen}value="{escape(one.value)}">{escape(one.label)}</option>'


class CodeField(_Offered, fields.SelectField):  # type: ignore[misc]
    """One code, or None; a select, or radio buttons. `first` words the empty choice.

    Radio buttons have that choice only where it is worded: a button once chosen cannot be let go.
    """

    widget = Select()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        codes: Codes,
        radio: bool = False,
        first: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, choices=[], **more)
        self.codes, self.radio, self.first = codes, radio, first
        if radio:
            self.widget = widgets.ListWidget(prefix_label=False)
            self.option_widget = widgets.RadioInput()

    def iter_choices(self) -> list[fields.choices.Choice]:
        empty = (
            []
            if self.radio and not self.first
            else [SelectChoice(value="", label=self.first or _("Choose"))]
        )
        return [
            fields.choices.Choice(c.value, str(c.label), c.value == (self.data or ""), {})
            for c in (*empty, *self.offered())
        ]

    def process_data(self, value: Any) -> None:
        self.data = None if value in (None, "") else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0] or None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in {c.value for c in self.offered()}:
            raise ValidationError(_("Choose one from the list."))


class CodesField(_Offered, fields.SelectMultipleField):  # type: ignore[misc]
    """Several codes, in the order of the list, as tick boxes."""

    multiple = True
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(
        self, label: Any = None, validators: Any = None, *, codes: Codes, **more: Any
    ) -> None:
        super().__init__(label, validators, choices=[], **more)
        self.codes = codes
        self.label.field_id = False

    def iter_choices(self) -> list[fields.choices.Choice]:
        chosen = set(self.data or ())
        return [
            fields.choices.Choice(c.value, str(c.label), c.value in chosen, {})
            for c in self.offered()
        ]

    def process_data(self, value: Any) -> None:
        self.object_data = self.data = [str(code) for code in value or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(valuelist))

    def pre_validate(self, form: Any) -> None:
        order = [c.value for c in self.offered()]
        if not set(self.data or ()) <= set(order):
            raise ValidationError(_("Choose from the list only."))
        self.data = [code for code in order if code in (self.data or ())]
