"""Forms of asking and answering."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, ValidationError

from matchmaker.contacts.fields import Field
from matchmaker.contacts.models import ContactRequest, Outcome, StoryPart
from matchmaker.contacts.services.outcomes import AGREED, DENIED, Details
from matchmaker.organisations.forms.base import currencies
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary.reasons import DECLINE_REASONS, OUTCOMES, WHY_NOT
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    Form,
    LongTextField,
    MoneyField,
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


class StoryForm(ZawgyiForm):
    text = LongTextField(
        _l("A few words on how it went"),
        maximum=StoryPart.TEXT_MAX,
        description=_l("What you needed, what came of it. No names of people, no telephone."),
    )
    consent = BooleanField(
        "", [InputRequired(_l("Tick this if everybody may read it. Without it nothing is shown."))]
    )

    def __init__(self, side: Side, **values: Any) -> None:
        super().__init__(**values)
        self.side = side
        self.consent.label.text = (
            _("Everybody may read this on the first page, as from “a firm” in our province.")
            if side is Side.NEED
            else _("Everybody may read this on the first page, with the name of our organisation.")
        )

    def validate_text(self, field: LongTextField) -> None:
        if self.side is Side.NEED and not field.data:
            raise ValidationError(_("Write a few words."))


class TapForm(Form):
    """One button an outcome."""

    outcome = CodeField(
        _l("What came of it"), [InputRequired(_l("Choose what came of it."))], codes=OUTCOMES
    )


class OutcomeForm(ZawgyiForm):
    """The amount is told as a band or exactly, by choice; both sides read it."""

    outcome = CodeField(
        _l("What do you say?"),
        [InputRequired(_l("Choose what came of it."))],
        codes=OUTCOMES,
        radio=True,
    )
    band = CodeField(_l("If you agreed: about how much?"), codes=(), first=_l("Not said"))
    amount_minor = MoneyField(
        _l("Or the exact amount"),
        description=_l("The two of you see it. The programme sees only the range it lies in."),
    )
    currency = CodeField(_l("Currency"), codes=currencies)
    reason = CodeField(_l("If not: what was the reason?"), codes=WHY_NOT, first=_l("Not said"))
    note = LongTextField(
        _l("A word of your own"),
        maximum=Outcome.NOTE_MAX,
        description=_l("They see this too."),
    )

    def __init__(self, bands: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.band.codes = bands

    def validate_band(self, field: CodeField) -> None:
        if field.data and self.outcome.data not in AGREED:
            raise ValidationError(_("An amount belongs to an agreement. Leave it empty here."))
        if field.data and self._typed_amount():
            raise ValidationError(_("Give the range or the exact amount, not both."))

    def validate_amount_minor(self, field: MoneyField) -> None:
        if field.data is not None and self.outcome.data not in AGREED:
            raise ValidationError(_("An amount belongs to an agreement. Leave it empty here."))

    def validate_currency(self, field: CodeField) -> None:
        if not field.data and self._typed_amount():
            raise ValidationError(_("Choose the currency of the amount."))

    def validate_reason(self, field: CodeField) -> None:
        if field.data and self.outcome.data not in DENIED:
            raise ValidationError(_("A reason belongs to a no. Leave it empty here."))

    def _typed_amount(self) -> bool:
        raw = self.amount_minor.raw_data
        return bool(raw and raw[0].strip())

    def details(self) -> Details:
        return Details(
            reason=self.reason.data or "",
            note=self.note.data or "",
            band=self.band.data or "",
            minor=self.amount_minor.data,
            currency=self.currency.data or "",
        )
