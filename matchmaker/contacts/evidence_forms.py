"""Forms of asking for more: what, why, and the answer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.contacts.models import EvidenceAsk
from matchmaker.organisations.forms.base import Always
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.forms import BooleanField, CodeField, LongTextField, TextField, ZawgyiForm


class WantedForm(ZawgyiForm):
    """A paper, a question, or a question about a paper; and always why."""

    fact = CodeField(_l("A paper"), codes=EVIDENCE, first=_l("None, only a question"))
    question = TextField(_l("Your question"), maximum=EvidenceAsk.QUESTION_MAX)
    why = LongTextField(
        _l("Why you ask"),
        [Always(_l("Say why you ask: people answer what they understand."))],
        maximum=EvidenceAsk.WHY_MAX,
        description=_l("They see this beside your question."),
    )

    def validate_question(self, field: TextField) -> None:
        if not field.data and not self.fact.data:
            raise ValidationError(_("Choose a paper, or write a question."))


class AskMoreForm(WantedForm):
    keep = BooleanField(_l("Keep it as one of our standard questions"))


class AnswerForm(ZawgyiForm):
    answer = LongTextField(
        _l("Your answer"),
        [Always(_l("Write a few words."))],
        maximum=EvidenceAsk.ANSWER_MAX,
    )

    def __init__(self, ask: EvidenceAsk, **values: Any) -> None:
        # Several stand on one page.
        super().__init__(prefix=f"a-{ask.public_id}-", **values)
