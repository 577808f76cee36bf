"""How many requests an offer takes from now on: in the form of an answer, and on its own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from matchmaker.organisations.models import Offer
from matchmaker.organisations.services import capacity
from matchmaker.web.filters import ngettext, number
from matchmaker.web.forms import CodeField, Form, NumberField

KEEP, AGAIN, SOME, NONE, STOP = "keep", "again", "some", "none", "stop"
MOST = 999


class CapacityForm(Form):
    """Two may stand on one page, each within the form of an answer: told apart by a prefix."""

    takes = CodeField(_l("How many you take"), codes=(), radio=True)
    left = NumberField(_l("How many more this month"), minimum=1, maximum=MOST, whole=True)

    def __init__(self, offer: Offer, now: datetime, **values: Any) -> None:
        super().__init__(**values)
        limited = not offer.deploying or capacity.is_limited(offer, now)
        as_it_is = _("Leave it: %(state)s", state=state_words(offer, now))
        self.takes.codes = [
            (KEEP, as_it_is),
            *([(AGAIN, _("As every month: %(num)s places", num=number(offer.places)))] * limited),
            (NONE, _("No more this month")),
            (SOME, _("Another number this month")),
            (STOP, _("Not deploying now: suggested to nobody until you say so")),
        ]
        # Who writes a number means it, whatever is chosen beside it.
        chosen = self.takes.data or KEEP
        self.takes.data = SOME if chosen == KEEP and self.left.data is not None else chosen

    def validate_left(self, field: NumberField) -> None:
        if self.takes.data == SOME and field.data is None and not field.errors:
            raise ValidationError(_("Say how many more you take this month."))

    def apply(self, session: Session, offer: Offer, by: int | None, now: datetime) -> bool:
        """Do what was chosen; False: nothing was."""
        chosen = self.takes.data
        if chosen == AGAIN:
            capacity.take_again(session, offer, by)
        elif chosen in (NONE, SOME):
            left = int(self.left.data or 0) if chosen == SOME else 0
            capacity.leave_places(session, offer, by, left, now)
        elif chosen == STOP:
            capacity.stop(session, offer, by)
        return chosen != KEEP


def state_words(offer: Offer, now: datetime) -> str:
    """As it stands: the end of a sentence."""
    if not offer.deploying:
        return _("not deploying now")
    left = capacity.places_left(offer, now)
    if left == 0:
        return _("no more this month")
    return ngettext("%(num)s place left this month", "%(num)s places left this month", left)
