"""Forms of reviews, stuck requests and staff accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, ValidationError

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.accounts.services import identities
from matchmaker.accounts.services.identities import BadIdentityError, Identity
from matchmaker.programme.services.staffing import Post
from matchmaker.vocabulary import places
from matchmaker.web.forms import CodeField, CodesField, Form, LongTextField, TextField

NOTE_MAX = 1000
STAFF, COLLEAGUE = "staff:", "colleague:"


class SendBackForm(Form):
    note = LongTextField(
        _l("What should they put right?"),
        [DataRequired()],
        maximum=NOTE_MAX,
        description=_l("They read your words as you write them."),
    )


class SuspendForm(Form):
    why = LongTextField(
        _l("Why should it be out of sight?"),
        [DataRequired()],
        maximum=NOTE_MAX,
        description=_l("They read your words as you write them."),
    )


class ReassignForm(Form):
    to = CodeField(_l("Who should look after it?"), [DataRequired()], codes=[])

    def __init__(self, colleagues: Sequence[Account], staff: Sequence[Account]) -> None:
        super().__init__()
        programme = [
            (f"{STAFF}{one.public_id}", _("%(name)s, of the programme", name=_name(one)))
            for one in staff
        ]
        silent = [
            (
                f"{COLLEAGUE}{one.public_id}",
                _("%(name)s, of the side that is silent", name=_name(one)),
            )
            for one in colleagues
        ]
        self.to.codes = [*programme, *silent]


class PostForm(Form):
    """Role and scope."""

    role = CodeField(_l("Role"), [DataRequired()], codes=[])
    scope = CodeField(_l("May see"), [DataRequired()], codes=[], radio=True)
    provinces = CodesField(_l("Provinces"), codes=[], description=_l("For “some provinces”."))
    introducers = CodesField(
        _l("Introducers"),
        codes=[],
        description=_l("For “members of some introducers”."),
    )

    def __init__(
        self, provinces: Sequence[str], introducers: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(**more)
        self.role.codes = role_choices()
        self.scope.codes = scope_choices()
        self.provinces.codes = lambda language: [
            (code, places.label(code, language)) for code in provinces
        ]
        self.introducers.codes = list(introducers)

    def validate_scope(self, field: Any) -> None:
        if field.data == Scope.PROVINCE and not self.provinces.data:
            raise ValidationError(_("Tick at least one province."))
        if field.data == Scope.MEMBERS and not self.introducers.data:
            raise ValidationError(_("Tick at least one introducer."))

    def post(self) -> Post:
        scope = Scope(str(self.scope.data))
        values: tuple[Any, ...] = ()
        if scope is Scope.PROVINCE:
            values = tuple(self.provinces.data)
        if scope is Scope.MEMBERS:
            values = tuple(int(value) for value in self.introducers.data)
        return Post(StaffRole(str(self.role.data)), scope, values)


class AppointForm(PostForm):
    identity = TextField(
        _l("E-mail address, telephone number or user name"),
        [DataRequired()],
        maximum=Account.EMAIL_MAX,
    )
    name = TextField(_l("Name"), [DataRequired()], maximum=Account.NAME_MAX)

    def validate_identity(self, field: Any) -> None:
        try:
            self.parsed: Identity = identities.parse(
                field.data or "", current_app.config["PROGRAMME_COUNTRY"]
            )
        except BadIdentityError as error:
            raise ValidationError(
                _("Write an e-mail address, a telephone number or a user name.")
            ) from error


def role_choices() -> list[tuple[str, str]]:
    return [
        (StaffRole.VIEWER.value, _("Viewer: looks only")),
        (StaffRole.OFFICER.value, _("Officer: looks and acts")),
        (StaffRole.ADMIN.value, _("Administrator: also looks after staff")),
    ]


def scope_choices() -> list[tuple[str, str]]:
    return [
        (Scope.ALL.value, _("Everything")),
        (Scope.PROVINCE.value, _("Some provinces")),
        (Scope.MEMBERS.value, _("Members of some introducers")),
    ]


def _name(account: Account) -> str:
    return account.name or account.identity
