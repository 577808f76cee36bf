"""What people fill in to get in and to change their account."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Optional, ValidationError

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import identities, passwords
from matchmaker.accounts.services.identities import BadIdentityError, Identity
from matchmaker.vocabulary.languages import UI_LANGUAGES, own_name
from matchmaker.web.forms import BooleanField, CodeField, Form, TextField

IDENTITY_LABEL = _l("E-mail, telephone number or user name")
IDENTITY_MAX = Account.EMAIL_MAX
CODE_MAX = 40


def country() -> str:
    """National telephone numbers are of the programme's country."""
    code: str = current_app.config["PROGRAMME_COUNTRY"]
    return code


def _needed(text: Any) -> InputRequired:
    return InputRequired(message=text)


class Words(PasswordField):  # type: ignore[misc]
    """A password: never echoed, pasted as it is, no word of it changed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0].replace("\x00", "\ufffd")


def password_field(label: Any) -> Words:
    return Words(label, [_needed(_l("Write your password."))])


class PasswordRules:
    """Field validator: our rules, with what the same form says of the person."""

    def __init__(self, *about: str) -> None:
        self.about = about

    def __call__(self, form: Form, field: Any) -> None:
        words = tuple(str(getattr(form, name).data or "") for name in self.about)
        text = passwords.problem(field.data or "", words)
        if text:
            raise ValidationError(text)


def identity_problem(error: BadIdentityError) -> str:
    return {
        "email": _("Write the whole address, such as noy@example.la."),
        "telephone": _("Write the whole number, such as 020 5555 1234 or +856 20 5555 1234."),
        "username_length": _(
            "Use %(least)s to %(most)s letters or digits.",
            least=Account.USERNAME_MIN,
            most=Account.USERNAME_MAX,
        ),
        "username": _("Use letters, digits, dots and hyphens only, with at least one letter."),
        "signs": _("This has signs that cannot be shown. Type it again by hand."),
    }.get(error.code, _("Write an e-mail address, a telephone number or a user name."))


class IdentityField(TextField):
    """One field for all three; `identity` holds what it was recognised as."""

    identity: Identity | None = None

    @property
    def parsed(self) -> Identity:
        """After the form was found valid."""
        assert self.identity is not None
        return self.identity

    def parse(self) -> None:
        try:
            self.identity = identities.parse(self.data or "", country())
        except BadIdentityError as error:
            raise ValidationError(identity_problem(error)) from error


class SignInForm(Form):
    identity = TextField(
        IDENTITY_LABEL, [_needed(_l("Write what you sign in with."))], maximum=IDENTITY_MAX
    )
    password = password_field(_l("Password"))
    next = HiddenField()
    kept = HiddenField()


class SignUpForm(Form):
    name = TextField(_l("Your name"), [Optional()], maximum=Account.NAME_MAX)
    identity = IdentityField(
        IDENTITY_LABEL,
        [_needed(_l("Write an e-mail address, a telephone number or a user name."))],
        maximum=IDENTITY_MAX,
        description=_l("You sign in with it. A user name is anything you can remember."),
    )
    password = Words(
        _l("Password"),
        [_needed(_l("Choose a password.")), PasswordRules("name", "identity")],
        description=_l("8 characters or more, in any script. A short sentence works well."),
    )
    terms = BooleanField(_l("I accept the terms of use."))
    privacy = BooleanField(_l("You may keep what I enter and use it as the privacy page says."))
    matching = BooleanField(
        _l("You may use what I enter to find matches, and show it to the other side.")
    )
    news = BooleanField(_l("Send me news of the programme."))

    def validate_identity(self, field: IdentityField) -> None:
        field.parse()

    def validate_terms(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(
                _("Tick this if you agree. Without it we cannot make an account.")
            )

    def validate_privacy(self, field: BooleanField) -> None:
        self.validate_terms(field)


class CodeForm(Form):
    """The second step of signing in, and of switching it on."""

    code = TextField(
        _l("Code"), [_needed(_l("Write the six digits that your app shows."))], maximum=CODE_MAX
    )
    kept = HiddenField()
    next = HiddenField()


class ResetForm(Form):
    identity = TextField(
        IDENTITY_LABEL, [_needed(_l("Write what you sign in with."))], maximum=IDENTITY_MAX
    )


class NewPasswordForm(Form):
    password = Words(
        _l("New password"),
        [_needed(_l("Choose a password.")), PasswordRules()],
        description=_l("8 characters or more, in any script. A short sentence works well."),
    )


class PrintedCodeForm(NewPasswordForm):
    identity = TextField(
        IDENTITY_LABEL, [_needed(_l("Write what stands on your sheet."))], maximum=IDENTITY_MAX
    )
    code = TextField(
        _l("Code on your sheet"), [_needed(_l("Write the code on your sheet."))], maximum=CODE_MAX
    )


class ChangePasswordForm(NewPasswordForm):
    old_password = password_field(_l("Your password now"))


class ConfirmPasswordForm(Form):
    old_password = password_field(_l("Your password"))


class EraseForm(ConfirmPasswordForm):
    sure = BooleanField(_l("Yes, erase my account and all you hold about me, for good."))

    def validate_sure(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Tick this if you are sure."))


class EmailForm(ConfirmPasswordForm):
    """A new address, proved by the link in a mail before it counts."""

    identity = IdentityField(
        _l("New e-mail address"), [_needed(_l("Write the address."))], maximum=IDENTITY_MAX
    )

    def validate_identity(self, field: IdentityField) -> None:
        field.parse()
        if field.identity is None or field.identity.kind != identities.EMAIL:
            raise ValidationError(_("Write the whole address, such as noy@example.la."))


@cache
def time_zones() -> list[tuple[str, str]]:
    """Those of our countries first, then all others; the system keeps a file for each."""
    near = [
        "Asia/Vientiane", "Asia/Bangkok", "Asia/Phnom_Penh", "Asia/Ho_Chi_Minh",
        "Asia/Yangon", "Asia/Shanghai", "Asia/Singapore", "Asia/Kuala_Lumpur",
        "Asia/Jakarta", "Asia/Manila", "UTC",
    ]  # fmt: skip
    rest = sorted(zone for zone in available_timezones() if "/" in zone and zone not in near)
    return [(zone, zone.replace("_", " ")) for zone in (*near, *rest)]


class SettingsForm(Form):
    name = TextField(_l("Your name"), [Optional()], maximum=Account.NAME_MAX)
    language = CodeField(
        _l("Language"),
        [_needed(_l("Choose a language."))],
        codes=lambda _reader: [(code, own_name(code)) for code in UI_LANGUAGES],
    )
    time_zone = CodeField(
        _l("Time zone"), [_needed(_l("Choose a time zone."))], codes=lambda _reader: time_zones()
    )


class FindPersonForm(Form):
    identity = IdentityField(
        IDENTITY_LABEL,
        [_needed(_l("Write an e-mail address, a telephone number or a user name."))],
        maximum=IDENTITY_MAX,
    )

    def validate_identity(self, field: IdentityField) -> None:
        field.parse()


class NewAccountForm(FindPersonForm):
    """An account made for somebody else."""

    name = TextField(
        _l("Name of the person"), [_needed(_l("Write the name."))], maximum=Account.NAME_MAX
    )
