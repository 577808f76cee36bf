"""Forms of asking and answering."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.contacts.fields import Field
from matchmaker.contacts.models import ContactRequest
from matchmaker.vocabulary.reasons import DECLINE_REASONS, OUTCOMES
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    Form,
    LongTextField,
    ZawgyiForm,
)


def _pairs(fields: list[Field]) -> list[tuple[str, str]]:
    return [(field.name, str(field.label)) for field in fields]


class AskForm(ZawgyiForm):
    message = LongTextField(
        _l("Your message"),
        [InputRequired(_l("Write a few words, so that they know why you ask."))],
        maximum=ContactRequest.MESSAGE_MAX,
        description=_l("A start is written for you. Change what you like."),
    )
    promised = CodesField(_l("What they get if they say yes"), codes=())
    on_behalf = BooleanField(
        _l("I may ask on behalf of my organisation."),
        [InputRequired(_l("Tick this if you may ask for your organisation."))],
    )

    def __init__(self, fields: list[Field], **values: Any) -> None:
        super().__init__(**values)
        # Nothing is ticked at first: to give a contact detail away is a choice of its own.
        self.promised.codes = _pairs(fields)


class AcceptForm(Form):
    fields = CodesField(_l("What they get from you"), codes=())
    pause_after_yes = BooleanField(_l("Take no more requests on this offer for now"))

    def __init__(self, fields: list[Field], **values: Any) -> None:
        super().__init__(**values)
        self.fields.codes = _pairs(fields)


class DeclineForm(ZawgyiForm):
    reason = CodeField(
        _l("Your reason"),
        [InputRequired(_l("Choose a reason: it helps them to find another way."))],
        codes=DECLINE_REASONS,
        description=_l("They see the reason. It helps them to find another way."),
    )
    note = LongTextField(
        _l("A word of your own"),
        maximum=ContactRequest.NOTE_MAX,
        description=_l("They see this too."),
    )
    block = BooleanField(
        _l("No more requests from this organisation for six months, about any need or offer")
    )
    pause_after_no = BooleanField(_l("Take no more requests on this offer for now"))


class OutcomeForm(Form):
    outcome = CodeField(
        _l("What came of it"),
        [InputRequired(_l("Choose what came of it."))],
        codes=OUTCOMES,
        radio=True,
    )
