"""Sending a file that shows a piece of evidence, and saying that one was checked."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.fields import HiddenField
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import Always
from matchmaker.organisations.models import LookedAt, OrganisationFact
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.forms import CodeField, Form, LongTextField, ZawgyiForm

LOOKED_AT = (
    (LookedAt.ORIGINAL.value, _l("The original paper")),
    (LookedAt.FILE.value, _l("The file")),
    (LookedAt.REGISTER.value, _l("A public register")),
    (LookedAt.VISIT.value, _l("The business itself, on a visit")),
)


class EvidenceFileForm(Form):
    fact = CodeField(_l("What it shows"), [Always()], codes=EVIDENCE)
    file = MultipleFileField(
        _l("File"),
        description=_l(
            "PDF, JPEG or PNG, at most 10 MB. Several photos become the pages of one paper."
            " Where and when a photo was taken is removed from it."
        ),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.file.flags.required = True

    def validate_file(self, field: MultipleFileField) -> None:
        if not field.data:
            raise ValidationError(_l("Choose a file."))


class CheckForm(Form):
    #: The file that the page showed: what is said of it holds for no other.
    seen = HiddenField()
    looked_at = CodeField(
        _l("What did you look at?"),
        [Always(_l("Say what you looked at: others see it beside your name."))],
        codes=LOOKED_AT,
        radio=True,
    )


class SendBackForm(ZawgyiForm):
    seen = HiddenField()
    note = LongTextField(
        _l("What should they mend?"),
        [Always(_l("Write a few words, so that they know what to mend."))],
        maximum=OrganisationFact.NOTE_MAX,
    )
