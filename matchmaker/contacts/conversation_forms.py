"""Forms of what is said after a yes: a message, times to meet, a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import HiddenField
from wtforms.validators import InputRequired, Length, ValidationError

from matchmaker.contacts.conversation_words import REPORT_REASONS
from matchmaker.contacts.models import Meeting, Message, Report
from matchmaker.extensions import clock
from matchmaker.extensions.database import new_public_id
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    Form,
    LongTextField,
    MomentField,
    TextField,
    ZawgyiForm,
)

#: Nobody plans further ahead; a wrong year shows itself.
LATEST = timedelta(days=366)


class MessageForm(ZawgyiForm):
    message = LongTextField(
        _l("Write to them"), [InputRequired(_l("Write a few words."))], maximum=Message.TEXT_MAX
    )
    files = CodesField(_l("Papers that go with it"), codes=())
    #: Tells one filled-in form from another: sent twice, it is one message. Kept as a hash only.
    once = HiddenField()

    def __init__(self, files: Sequence[tuple[str, str]] = (), **values: Any) -> None:
        super().__init__(**values)
        self.files.codes = files
        self.once.data = self.once.data or new_public_id()


class DatesForm(ZawgyiForm):
    """Times are typed by the proposer's clock; `moments` holds them in UTC once validated."""

    time_1 = MomentField(_l("First time"), [InputRequired(_l("Choose at least one time."))])
    time_2 = MomentField(_l("Second time"))
    time_3 = MomentField(_l("Third time"))
    by_telephone = BooleanField(_l("By telephone"))
    place = TextField(_l("Or where"), maximum=Meeting.PLACE_MAX)

    def __init__(self, time_zone: str, **values: Any) -> None:
        super().__init__(**values)
        self.time_zone = ZoneInfo(time_zone)

    @property
    def moments(self) -> list[datetime]:
        typed: tuple[Any, ...] = (self.time_1.data, self.time_2.data, self.time_3.data)
        return [one.replace(tzinfo=self.time_zone).astimezone(UTC) for one in typed if one]

    def validate_time_1(self, field: MomentField) -> None:
        self._check(field)

    def validate_time_2(self, field: MomentField) -> None:
        self._check(field)

    def validate_time_3(self, field: MomentField) -> None:
        self._check(field)

    def _check(self, field: MomentField) -> None:
        typed: Any = field.data
        if typed is None:
            return
        ahead = typed.replace(tzinfo=self.time_zone) - clock.now()
        if ahead <= timedelta():
            raise ValidationError(_("This time has passed. Choose a later one."))
        if ahead > LATEST:
            raise ValidationError(_("This is more than a year ahead. Choose an earlier one."))

    def validate_place(self, field: TextField) -> None:
        if not field.data and not self.by_telephone.data:
            raise ValidationError(_("Say where, or tick that you talk by telephone."))


class ReportForm(ZawgyiForm):
    reason = CodeField(
        _l("What is wrong"),
        [InputRequired(_l("Choose what is wrong."))],
        codes=REPORT_REASONS,
        radio=True,
    )
    note = LongTextField(
        _l("In your own words"),
        maximum=Report.NOTE_MAX,
        description=_l("Only the programme reads this."),
    )


class AnswerDatesForm(Form):
    # Nobody types these, so nobody reads a word on their length; the one that Length has of itself
    # cannot be put into the reader's language.
    meeting = HiddenField(validators=[InputRequired(), Length(max=20, message="")])
    time = HiddenField(validators=[InputRequired(), Length(max=40, message="")])
