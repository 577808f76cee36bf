"""Which version an administrator puts in force, and which one stood in force on the page."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired

from matchmaker.web.forms import Form


class PublishForm(Form):
    number = IntegerField(validators=[InputRequired()])
    in_force = IntegerField(validators=[InputRequired()])
