"""A need: what is looked for, how much, for what, by when, in the firm's own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from matchmaker.extensions import clock
from matchmaker.organisations.forms.base import POSTED, Always, RoomForm, currencies, text_languages
from matchmaker.organisations.models import Need
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.policies import POLICIES
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.services import SERVICES
from matchmaker.web.forms import CodeField, DateField, LongTextField, MoneyField, TextField

FARTHEST = timedelta(days=5 * 366)
#: What the page asks for before the words: what is wrong is listed in the order of the page.
_FIRST = ("code", "amount_minor", "currency", "purpose", "needed_by")


class WordsForm(RoomForm):
    """All that a group of firms says itself: its amount is a sum, and it goes out on its page."""

    title = TextField(
        _l("In one line"),
        [Always(_l("Say in one line what you look for."))],
        maximum=Need.TITLE_MAX,
        description=_l("Others read this first. Leave out names and telephone numbers."),
    )
    text = LongTextField(_l("Tell more about it"), maximum=Need.TEXT_MAX)
    lang = CodeField(_l("Language of these words"), [Always()], codes=text_languages)

    def __iter__(self) -> Iterator[Field]:
        asked = [name for name in _FIRST if name in self._fields]
        rest = [name for name in self._fields if name not in asked]
        return iter([self._fields[name] for name in (*asked, *rest)])


class FinanceWordsForm(WordsForm):
    purpose = CodeField(_l("What is it for?"), [Always()], codes=PURPOSES)


class NeedForm(WordsForm):
    currency = CodeField(_l("Currency"), codes=currencies)
    needed_by = DateField(_l("When do you need it?"))
    policy = CodeField(_l("Policy of the SME plan it belongs to"), codes=POLICIES)

    def validate_currency(self, field: CodeField) -> None:
        if not field.data and self["amount_minor"].raw_data and self["amount_minor"].raw_data[0]:
            raise ValidationError(_("Choose the currency of the amount."))

    def validate_needed_by(self, field: DateField) -> None:
        if field.data is None or field.data == field.object_data:
            return
        if not clock.today() <= field.data <= clock.today() + FARTHEST:
            raise ValidationError(_("Choose a day from today on, within five years."))

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found | {"currency": found["currency"] or "USD"}


class FinanceNeedForm(NeedForm):
    code = CodeField(_l("What kind of finance?"), codes=INSTRUMENTS, first=_l("I am not sure"))
    amount_minor = MoneyField(
        _l("How much?"),
        [Always(_l("Write the amount, such as 80,000,000."))],
        description=_l("Others see a range only, until you say yes to them."),
    )
    purpose = CodeField(_l("What is it for?"), [Always()], codes=PURPOSES)


class ServiceNeedForm(NeedForm):
    code = CodeField(_l("What kind of service?"), [Always()], codes=SERVICES)
    amount_minor = MoneyField(
        _l("What could you spend on it?"),
        description=_l("Others see a range only. Leave it empty if you do not know."),
    )


#: Questions that help to write the text, a list for each kind.
PROMPTS = {
    "finance": (
        _l("What will you buy or pay with the money?"),
        _l("What will be different afterwards: more sales, lower costs, new customers?"),
        _l("How will you pay it back, or what will you give in return?"),
        _l("What have you put in or tried already?"),
    ),
    "service": (
        _l("What takes too long or goes wrong today?"),
        _l("What do you use now: paper, a telephone, a spreadsheet?"),
        _l("Who will use the new tool, and how good is the connection there?"),
        _l("How will you know that it works?"),
    ),
}


def need_form(
    kind: str, formdata: Any = POSTED, need: Need | None = None, **defaults: Any
) -> NeedForm:
    form_class = FinanceNeedForm if kind == "finance" else ServiceNeedForm
    form: NeedForm = form_class(formdata, obj=need, data=defaults)
    return form


def group_need_form(formdata: Any, need: Need) -> WordsForm:
    form_class = FinanceWordsForm if need.kind == "finance" else WordsForm
    form: WordsForm = form_class(formdata, obj=need)
    return form
