"""Which version an administrator puts in force, and which one stood in force on the page."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.web.forms import Form

#: The greatest number that a column of ours holds.
MOST = 2**31 - 1


class PublishForm(Form):
    number = IntegerField(validators=[InputRequired(), NumberRange(1, MOST)])
    in_force = IntegerField(validators=[InputRequired(), NumberRange(1, MOST)])
