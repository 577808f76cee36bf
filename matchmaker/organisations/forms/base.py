"""What the forms of this room share: the version they were opened at, and plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields import Field, HiddenField
from wtforms.validators import ValidationError

from matchmaker.language.text import ascii_digits
from matchmaker.vocabulary import places
from matchmaker.vocabulary.currencies import CURRENCIES
from matchmaker.vocabulary.languages import LANGUAGES, UI_LANGUAGES
from matchmaker.web.forms import CodeField, CodesField, NumberField, TextField, ZawgyiForm
from matchmaker.web.locale import locale_code

#: Read the answers of this request; None instead opens the form with what is saved.
POSTED: Any = object()

YES_NO = (("yes", _l("Yes")), ("no", _l("No")))


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of the row when the form was opened."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = ascii_digits(valuelist[0][:20]) if valuelist else ""
        # What is no number was not our page: it is as old as a form can be.
        self.data = int(text) if text.isdecimal() and len(text) < 10 else 0

    def show(self, version: int) -> None:
        """Send this version with the answer, whatever came in."""
        self.data, self.raw_data = version, None


class RoomForm(ZawgyiForm):
    """`values()` go to a service: texts and codes are never None."""

    version = VersionField()

    def values(self) -> dict[str, Any]:
        found = super().values()
        for own in ("version", "zawgyi"):
            found.pop(own)
        return {name: self._plain(name, value) for name, value in found.items()}

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(self[name], YesNoField):
            return {"yes": True, "no": False}.get(value)
        if value is None and isinstance(self[name], CodeField | TextField):
            return ""
        return value

    def shown(self) -> Iterator[Field]:
        """The questions, in order."""
        hidden = ("csrf_token", "version", "zawgyi")
        return (field for field in self if field.name not in hidden)


class YesNoField(CodeField):
    """Yes, no, or nothing said."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        more = {"first": _l("Not said")} | more
        super().__init__(label, validators, codes=YES_NO, **more)

    def process_data(self, value: Any) -> None:
        said = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
        super().process_data(said)
        # What is stored is offered again; a truth value is stored, its word is offered.
        self.object_data = self.data


class YearField(NumberField):
    """A year, written without a mark between its figures."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, whole=True, **more)

    def _value(self) -> str:
        return super()._value() if self.raw_data or self.data is None else str(self.data)


@dataclass(frozen=True, slots=True)
class Group:
    """Some options of a long list, under a heading that opens."""

    label: str
    options: list[Any]
    chosen: int


class GroupedCodesField(CodesField):
    """Many codes as tick boxes in groups; `group_of` gives the heading of a code in a language."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        group_of: Callable[[str, str], str],
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.group_of = group_of

    def groups(self) -> list[Group]:
        found: dict[str, list[Any]] = {}
        for option in self:
            found.setdefault(self.group_of(option.data, locale_code()), []).append(option)
        return [
            Group(label, options, sum(option.checked for option in options))
            for label, options in found.items()
        ]


class Always:
    """The answer is needed; unlike DataRequired it leaves wording to us and adds no attribute."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message or _l("Fill this in, please.")

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            return
        if field.data is None or field.data == [] or not str(field.data).strip():
            raise ValidationError(self.message)


def text_languages(language: str) -> list[tuple[str, str]]:
    """Languages a text may be written in: the seven of the pages first."""
    first = [(code, _own(code, language)) for code in UI_LANGUAGES]
    rest = [(code, _own(code, language)) for code in LANGUAGES.codes() if code not in UI_LANGUAGES]
    return first + rest


def _own(code: str, language: str) -> str:
    found = LANGUAGES.get(code)
    own, label = (found.extra["own"], found.label(language)) if found else (code, code)
    return own if own == label else f"{own} ({label})"


def provinces_in(country: str | None, language: str) -> list[tuple[str, str]]:
    """The provinces of one country that are in force."""
    known = places.provinces_of(country) if country else []
    return [(code, places.label(code, language)) for code in known]


def provinces(language: str) -> list[tuple[str, str]]:
    """Every province in force under its country's name."""
    return [
        (code, f"{places.label(country, language)}: {places.label(code, language)}")
        for country in places.COUNTRIES.codes()
        for code in places.provinces_of(country)
    ]


def currencies(language: str) -> list[tuple[str, str]]:
    return [(code.code, f"{code.label(language)} ({code.code})") for code in CURRENCIES]
