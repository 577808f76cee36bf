"""Mails of the people room: what each says is templates/email/account.security.txt."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.accounts.models import Account, AccountCode, SignUp
from matchmaker.accounts.services.codes import SIGN_UP_LINK

KIND = "account.security"


def queue_sign_up(session: Session, claim: SignUp, *, taken: bool) -> None:
    """The link that proves the address; who has an account already is told so instead."""
    to = notifications.Recipient(None, claim.identity, claim.language)
    with force_locale(claim.language):
        subject = _("You have an account already") if taken else _("Confirm your e-mail address")
    facts = {
        "subject": subject,
        "what": "taken" if taken else "confirm",
        "link": SIGN_UP_LINK,
        "code": claim.public_id,
    }
    notifications.queue(session, to, KIND, facts)


def queue_link(session: Session, account: Account, code: AccountCode, what: str) -> None:
    """`what`: reset or new_email."""
    address = code.email or account.email
    to = notifications.Recipient(account.id, address, account.language)
    with force_locale(account.language):
        subject = (
            _("Choose a new password") if what == "reset" else _("Confirm your e-mail address")
        )
    facts = {"subject": subject, "what": what, "link": str(code.kind), "code": code.public_id}
    notifications.queue(session, to, KIND, facts)


def queue_told(session: Session, account: Account, what: str) -> None:
    """Tell of a change to the account: password, second_factor_on, second_factor_off."""
    with force_locale(account.language):
        subjects = {
            "password": _("Your password was changed"),
            "second_factor_on": _("Signing in now asks for a code"),
            "second_factor_off": _("Signing in no longer asks for a code"),
            "new_email_told": _("Your e-mail address was changed"),
        }
    to = notifications.Recipient(account.id, account.email, account.language)
    notifications.queue(session, to, KIND, {"subject": subjects[what], "what": what})
