"""What a visitor narrows the catalogue to."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from matchmaker.organisations.forms.base import provinces
from matchmaker.organisations.services.catalogue import CatalogueFilter
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.places import COUNTRIES
from matchmaker.vocabulary.services import SERVICES
from matchmaker.web.forms import BooleanField, CodeField, Form, TextField


class CatalogueForm(Form):
    """Read from the address, so that a narrowed list can be kept and sent on; carries no token."""

    class Meta(Form.Meta):  # type: ignore[misc]
        csrf = False

    text = TextField(_l("Name of an offer or of who gives it"), maximum=100)
    code = CodeField(_l("Kind"), codes=lambda language: kinds(language), first=_l("All kinds"))
    place = CodeField(
        _l("Open to firms in"), codes=lambda language: open_places(language), first=_l("Any place")
    )
    language = CodeField(_l("Language"), codes=LANGUAGES, first=_l("Any language"))
    deploying = BooleanField(_l("Open now only"))

    def wanted(self) -> CatalogueFilter:
        """What was understood; an answer that was not is left out rather than refused."""
        self.validate()
        good = {name: None if field.errors else field.data for name, field in self._fields.items()}
        return CatalogueFilter(
            code=good["code"],
            place=good["place"],
            language=good["language"],
            text=good["text"] or "",
            deploying=bool(good["deploying"]),
        )


def catalogue_form(args: MultiDict[str, str]) -> CatalogueForm:
    first: Any = MultiDict({name: args[name] for name in args})
    return CatalogueForm(first)


def kinds(language: str) -> list[tuple[str, str]]:
    return [*INSTRUMENTS.choices(language), *SERVICES.choices(language)]


def open_places(language: str) -> list[tuple[str, str]]:
    return [*COUNTRIES.choices(language), *provinces(language)]
