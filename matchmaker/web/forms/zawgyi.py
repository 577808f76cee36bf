"""Burmese that looks like Zawgyi is asked about before it is saved."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.language import zawgyi
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.codes import CodeField
from matchmaker.web.forms.text import TextField

CONVERT, KEEP = "convert", "keep"
ZAWGYI = (
    (CONVERT, _l("In Zawgyi: turn it into Unicode")),
    (KEEP, _l("In Unicode: leave it as it is")),
)
#: How much of the text the question shows.
SHOWN_OF_IT = 60


class ZawgyiForm(Form):
    """A form with texts: others can neither read nor find what is left in Zawgyi.

    Nobody but its writer knows for sure, so it is converted on a yes only.
    """

    zawgyi = CodeField(_l("How was the Burmese text typed?"), codes=ZAWGYI, radio=True)
    asks_zawgyi = False

    def validate(self, extra_validators: Any = None) -> bool:
        doubtful = self._looks_like_zawgyi()
        if self.zawgyi.data == CONVERT:
            for field in doubtful:
                field.data = zawgyi.convert(field.data)
        valid: bool = super().validate(extra_validators)
        self.asks_zawgyi = bool(doubtful) and self.zawgyi.data != CONVERT
        if not doubtful or self.zawgyi.data in (CONVERT, KEEP):
            return valid
        self._ask_about_zawgyi(doubtful)
        return False

    def _looks_like_zawgyi(self) -> list[TextField]:
        """Texts that were changed just now; what was kept as it is is not asked about again."""
        return [
            field
            for field in self
            if isinstance(field, TextField)
            and field.data
            and field.data != field.object_data
            and zawgyi.looks_like_it(field.data)
        ]

    def _ask_about_zawgyi(self, doubtful: list[TextField]) -> None:
        first = zawgyi.convert(doubtful[0].data)
        self.zawgyi.flags.required = True
        self.zawgyi.description = _(
            "Turned into Unicode it begins: %(text)s", text=first[:SHOWN_OF_IT]
        )
        self.zawgyi.errors = [_("It looks like Zawgyi. Others can read and find it as Unicode.")]
