"""Sending a file, and taking it in once its report is clean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from matchmaker.organisations.forms.base import Always
from matchmaker.organisations.forms.member import CONSENT_WAYS, ConsentForm
from matchmaker.web.forms import BooleanField, CodeField, Form


class UploadForm(Form):
    way = CodeField(_l("For whom"), [Always()], codes=())
    file = FileField(
        _l("File"),
        [Always(_l("Choose a file."))],
        description=_l("CSV or XLSX. Nothing is written before you have seen the report."),
    )


class TakeForm(Form):
    """A button and its token; the question is shown only where a text looks like Zawgyi."""

    to_unicode = BooleanField(
        _l("Turn Burmese that looks like Zawgyi into Unicode"),
        description=_l("Others can then read and find it. The report shows how it would read."),
    )


class PublishForm(TakeForm):
    publish = BooleanField(
        _l("Publish the new organisations at once"),
        description=_l("Off: each waits for a reviewer. Tick it only if you have looked at them."),
    )


class AgreedForm(TakeForm):
    consent_how = CodeField(_l("How they agreed"), [Always()], codes=CONSENT_WAYS[:3])
    agreed = BooleanField(
        _l("Each organisation in this file has read or heard the words below and agrees")
    )

    validate_agreed = ConsentForm.validate_agreed


class ExportForm(Form):
    ending = CodeField(
        _l("Kind of file"),
        [Always()],
        codes=(("xlsx", _l("XLSX, for a spreadsheet")), ("csv", _l("CSV, for other programs"))),
        radio=True,
    )


def upload_form(ways: Sequence[tuple[str, str]], **defaults: Any) -> UploadForm:
    form = UploadForm(data={"way": ways[0][0]} | defaults)
    form.way.codes = list(ways)
    return form
