"""Forms of firms that ask together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.organisations.models import Need, Organisation
from matchmaker.web.forms import (
    BooleanField,
    CodesField,
    Form,
    LongTextField,
    TextField,
    ZawgyiForm,
)


class InviteForm(ZawgyiForm):
    firms = CodesField(_l("Whom to invite"), [InputRequired(_l("Tick at least one."))], codes=())

    def __init__(self, firms: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.firms.codes = firms


class StartForm(InviteForm):
    """Begin a group: what others will read of it, and whom to ask."""

    name = TextField(
        _l("A name for the group"),
        [InputRequired(_l("Give the group a name."))],
        maximum=Organisation.NAME_MAX,
    )
    title = TextField(
        _l("What you look for together"),
        [InputRequired(_l("Write in a few words what you look for."))],
        maximum=Need.TITLE_MAX,
    )
    text = LongTextField(_l("A few words on how you would use it together"), maximum=Need.TEXT_MAX)
    shows_name = BooleanField(_l("Those I invite may read the name of our business"))


class JoinForm(Form):
    shows_name = BooleanField(_l("The firms of the group may read the name of our business"))
