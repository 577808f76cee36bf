"""One page of the self-check, and the tick that lets matches use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.organisations.forms.base import POSTED, RoomForm
from matchmaker.organisations.services.self_check import seen
from matchmaker.vocabulary.self_check import Edition
from matchmaker.web.forms import BooleanField, CodeField, Form
from matchmaker.web.locale import locale_code


class SharingForm(Form):
    share = BooleanField(_l("Yes, matches may use my digital points"))


def page_form(
    edition: Edition, dimension: str, answers: Mapping[str, str], formdata: Any = POSTED
) -> RoomForm:
    """Its questions with their answers; the last choice of each leaves it open."""

    class PageForm(RoomForm):
        pass

    language = locale_code()
    for question in edition.by_dimension[dimension]:
        offered = [(one.code, one.label(language)) for one in edition.answers_to(question.code)]
        codes = [*offered, ("", _("I do not know, or I skip this one"))]
        field = CodeField(question.label(language), codes=codes, radio=True)
        setattr(PageForm, question.code, field)
    return PageForm(formdata, data={**answers, "version": seen(edition, dimension, answers)})


def answers_of(form: RoomForm) -> dict[str, str]:
    """Question -> answer, without what was skipped."""
    return {name: str(value) for name, value in form.values().items() if value}
