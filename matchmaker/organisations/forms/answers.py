"""Steps with one question a code: business ids, evidence, the digital self-check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import POSTED, RoomForm, YesNoField
from matchmaker.organisations.models import Organisation
from matchmaker.vocabulary.business_ids import scheme, schemes_for
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.readiness import DIMENSIONS
from matchmaker.web.forms import CodeField, TextField

#: A firm has at most so many numbers of a kind that matter here.
ID_ROWS = 4
READINESS_WORDS = (
    ("0", _l("Not yet")),
    ("1", _l("A little")),
    ("2", _l("Mostly")),
    ("3", _l("Fully")),
)
#: What is asked of each dimension, said to somebody who runs a small shop.
READINESS_HINTS = {
    "strategy": _l(
        "You have a plan for the telephone, the computer and the internet in your work."
    ),
    "digital": _l("You have what it takes: telephones or computers, internet, programs."),
    "people": _l("You and those who work with you know how to use them."),
    "data": _l(
        "Sales, costs and customers are written down in one of them, with a copy elsewhere."
    ),
    "automation": _l("Some work is done for you: stock is counted, bills or reminders go out."),
    "green": _l("They save you power, fuel, water or paper."),
}


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


class NumberOfScheme(TextField):
    """A business number; its scheme stands beside it."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        self.scheme_field: str = more.pop("scheme_field")
        super().__init__(label, validators, maximum=60, **more)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        code = form[self.scheme_field].data
        if not self.data:
            return
        known = scheme(code) if code else None
        if known is None:
            raise ValidationError(_("Choose what kind of number this is."))
        if known.check(self.data) is False:
            raise ValidationError(
                _("This does not look like a number of that kind. Look at it again.")
            )


def ids_form(organisation: Organisation, formdata: Any = POSTED) -> RoomForm:
    """A form with a row for each number, and a few empty ones."""
    codes = [(one.code.code, one.label(_language())) for one in schemes_for(organisation.country)]

    class IdsForm(RoomForm):
        pass

    for row in range(ID_ROWS):
        kind = CodeField(_l("Kind of number"), codes=codes)
        number = NumberOfScheme(_l("Number"), scheme_field=f"scheme_{row}")
        setattr(IdsForm, f"scheme_{row}", kind)
        setattr(IdsForm, f"number_{row}", number)
    stored: dict[str, Any] = {"version": organisation.version}
    for row, found in enumerate(organisation.business_ids[:ID_ROWS]):
        stored |= {f"scheme_{row}": found.scheme, f"number_{row}": found.number}
    return IdsForm(formdata, data=stored)


def ids_of(form: RoomForm) -> list[tuple[str, str]]:
    values = form.values()
    rows = ((values[f"scheme_{row}"], values[f"number_{row}"]) for row in range(ID_ROWS))
    return [(code, number) for code, number in rows if code and number]


def evidence_form(
    organisation: Organisation, stated: Mapping[str, bool], formdata: Any = POSTED
) -> RoomForm:
    """Yes, no or nothing said for each thing that offers ask to see."""

    class EvidenceForm(RoomForm):
        pass

    for fact in EVIDENCE:
        setattr(EvidenceForm, fact.code, YesNoField(fact.label(_language())))
    return EvidenceForm(formdata, data={**stated, "version": organisation.version})


def readiness_form(organisation: Organisation, formdata: Any = POSTED) -> RoomForm:
    class ReadinessForm(RoomForm):
        pass

    for dimension in DIMENSIONS:
        words = dimension.label(_language())
        field = CodeField(
            words,
            codes=READINESS_WORDS,
            radio=True,
            first=_l("Not said"),
            description=READINESS_HINTS[dimension.code],
        )
        setattr(ReadinessForm, dimension.code, field)
    stored = {code: str(answer) for code, answer in organisation.readiness_answers.items()}
    return ReadinessForm(formdata, data={**stored, "version": organisation.version})


def readiness_of(form: RoomForm) -> dict[str, int]:
    return {name: int(value) for name, value in form.values().items() if value}
