"""The form at the help and contact door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Optional

from matchmaker.home.models import HelpMessage
from matchmaker.web.forms import Form, LongTextField, TextField


class HelpForm(Form):
    message = LongTextField(
        _l("What can we help with?"),
        [InputRequired(_l("Write a few words."))],
        maximum=HelpMessage.MESSAGE_MAX,
    )
    reply_to = TextField(
        _l("How can we reach you?"),
        [Optional()],
        maximum=HelpMessage.REPLY_TO_MAX,
        description=_l("E-mail or telephone. Leave it empty if you are signed in."),
    )
