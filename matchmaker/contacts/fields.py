"""The contact fields that can be released, by name, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.models import Side

Lazy = Any


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: Lazy
    #: What makes the value a link: "", "mailto:" or "tel:".
    scheme: str = ""


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("name", _l("Name of the organisation")),
        Field("contact_name", _l("Whom to ask for")),
        Field("contact_telephone", _l("Telephone"), "tel:"),
        Field("contact_email", _l("E-mail"), "mailto:"),
        Field("contact_address", _l("Address")),
    )
}
#: One of the two sides must share at least one of these, or a yes would lead nowhere.
WAYS = ("contact_telephone", "contact_email", "contact_address")


def available(organisation: Organisation, side: Side) -> list[Field]:
    """What this organisation has to release; who offers has its name on the page anyway."""
    return [
        field
        for field in FIELDS.values()
        if value(organisation, field.name) and not (side is Side.OFFER and field.name == "name")
    ]


def value(organisation: Organisation, name: str) -> str:
    text: str = getattr(organisation, name)
    return text.strip()
