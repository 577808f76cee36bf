"""The first step: what the organisation is, its name, and where it is."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import Always, RoomForm, provinces_in, text_languages
from matchmaker.organisations.models import Organisation
from matchmaker.vocabulary import places
from matchmaker.web.forms import BooleanField, CodeField, CodesField, TextField

ROLE_WORDS = (
    ("firm", _l("A business that looks for money or services")),
    ("funder", _l("A bank, fund or programme that gives finance")),
    ("provider", _l("A provider of digital or business services")),
    ("introducer", _l("A chamber, association or service centre that vouches for others")),
)


class NameForm(RoomForm):
    roles = CodesField(_l("What are you?"), [Always(_l("Tick at least one."))], codes=ROLE_WORDS)
    name = TextField(
        _l("Name"),
        [Always(_l("Write the name of your organisation."))],
        maximum=Organisation.NAME_MAX,
        description=_l("As it stands on your sign, in your own script."),
    )
    name_lang = CodeField(_l("Language of the name"), [Always()], codes=text_languages)
    name_latin = TextField(
        _l("Name in Latin letters"),
        maximum=Organisation.NAME_MAX,
        description=_l("As you would write it for somebody abroad."),
    )
    country = CodeField(_l("Country"), [Always()], codes=places.COUNTRIES)
    province = CodeField(_l("Province"), codes=())
    district = TextField(_l("District or town"), maximum=120)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.show_provinces(self["country"].data)

    def show_provinces(self, country: str | None) -> None:
        """A list of one country: nobody looks for their province among a hundred and seventy.

        It says whether it may stay open; until roles are ticked, for whom.
        """
        province, roles = self["province"], self["roles"].data or ()
        province.codes = lambda language: provinces_in(country, language)
        province.flags.required = _listed(country) and ("firm" in roles or not roles)
        if province.flags.required and not roles:
            province.description = _("A business must choose it. Others may leave it open.")

    def values(self) -> dict[str, Any]:
        found = super().values()
        roles = found.pop("roles")
        return found | {f"is_{role}": role in roles for role, _words in ROLE_WORDS}

    def validate_province(self, field: CodeField) -> None:
        country = self["country"].data
        if not field.data and "firm" in (self["roles"].data or ()) and _listed(country):
            raise ValidationError(_("Choose the province: help is found by place."))


class NewForm(NameForm):
    """Made once; it also carries what the maker answered to a possible twin."""

    go_on = BooleanField(_l("This is another organisation. Go on."))


def _listed(country: str | None) -> bool:
    return bool(country and places.provinces_of(country))
