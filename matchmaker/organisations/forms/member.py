"""Letting a colleague in; recording a consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import identities
from matchmaker.organisations.forms.base import Always
from matchmaker.organisations.forms.organisation import ROLE_WORDS, NewForm
from matchmaker.organisations.models import Membership
from matchmaker.vocabulary.languages import UI_LANGUAGES, own_name
from matchmaker.web.forms import BooleanField, CodeField, CodesField, Form, TextField

CONSENT_WAYS = (
    ("paper", _l("Signed on paper")),
    ("spoken", _l("Said in person, with a witness")),
    ("telephone", _l("By telephone")),
    ("online", _l("Here on this page")),
)


class ColleagueForm(Form):
    name = TextField(_l("Name"), [Always()], maximum=Account.NAME_MAX)
    identity = TextField(
        _l("E-mail, telephone number or a user name for them"),
        [Always()],
        maximum=Account.EMAIL_MAX,
    )
    language = CodeField(
        _l("Their language"),
        [Always()],
        codes=[(code, own_name(code)) for code in UI_LANGUAGES],
    )
    found: identities.Identity | None = None

    def validate_identity(self, field: TextField) -> None:
        if field.errors or not field.data:
            return
        try:
            self.found = identities.parse(field.data, current_app.config["PROGRAMME_COUNTRY"])
        except identities.BadIdentityError as error:
            raise ValidationError(
                _("Write an e-mail address, a telephone number, or a user name of 3 to 40 letters.")
            ) from error


class LeavingForm(Form):
    """Who takes over; the last owner cannot do without."""

    successor = CodeField(_l("Who takes over?"), codes=(), first=_l("Nobody in particular"))

    def __init__(self, others: Sequence[Membership], *, must: bool, **values: Any) -> None:
        super().__init__(**values)
        self.must = must
        self.successor.codes = [(one.account.public_id, called(one.account)) for one in others]
        if must:
            self.successor.flags.required = True
            self.successor.first = _l("Choose a colleague")

    def validate_successor(self, field: CodeField) -> None:
        if self.must and not field.data:
            raise ValidationError(_("You are the only owner. Name a colleague who takes over."))


def called(account: Account) -> str:
    """What colleagues know somebody by."""
    return account.name or account.username or account.telephone or account.email or ""


class InvitationForm(Form):
    """Yes to an invitation: a token and a button."""


class ConsentForm(Form):
    """Who of the organisation agreed that the introducer acts for it, and how."""

    introducer = CodeField(_l("Who may act for you?"), [Always()], codes=())
    consent_by = TextField(_l("Who agrees to it"), [Always()], maximum=120)
    consent_how = CodeField(_l("How"), [Always()], codes=CONSENT_WAYS)
    agreed = BooleanField(_l("They have read or heard the words below and agree"))

    def validate_agreed(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Without consent nobody may act for somebody else."))


class FindForm(Form):
    """Read from the address: it changes nothing, and carries no token."""

    class Meta(Form.Meta):  # type: ignore[misc]
        csrf = False

    named = TextField(_l("Find a name"), maximum=100)


class ClientForm(NewForm):
    """A walk-in firm, made by an introducer together with its consent."""

    roles = CodesField(_l("What are they?"), [Always(_l("Tick at least one."))], codes=ROLE_WORDS)
    consent_by = TextField(_l("Who of the firm agrees"), [Always()], maximum=120)
    consent_how = CodeField(_l("How they agreed"), [Always()], codes=CONSENT_WAYS[:3])
    agreed = BooleanField(_l("They have read or heard the words below and agree"))

    validate_agreed = ConsentForm.validate_agreed

    def values(self) -> dict[str, Any]:
        found = super().values()
        kept = ("consent_by", "consent_how", "agreed", "go_on")
        return {name: value for name, value in found.items() if name not in kept}
