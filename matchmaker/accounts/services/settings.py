"""What people change about their own account."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account, AccountCode, CodeKind
from matchmaker.accounts.services import codes, identities, mails
from matchmaker.accounts.services.identities import EMAIL, Identity
from matchmaker.extensions import clock


def update(session: Session, account: Account, *, name: str, language: str, time_zone: str) -> None:
    account.name, account.language, account.time_zone = name, language, time_zone
    _record(session, account, "accounts.settings_changed")


def ask_email(session: Session, account: Account, address: str) -> None:
    """Queue the link that proves the address; one that is taken gets a mail that says so."""
    codes.void(session, account.id, CodeKind.NEW_EMAIL)
    code = codes.make_link(session, account, CodeKind.NEW_EMAIL, email=address)
    taken = identities.is_taken(session, Identity(EMAIL, address))
    mails.queue_link(session, account, code, "taken" if taken else "new_email")


def take_email(session: Session, code: AccountCode) -> bool:
    """Give the account the address that the link proved; False when another has it by now."""
    account = session.get(Account, code.account_id)
    if account is None or identities.is_taken(session, Identity(EMAIL, code.email)):
        return False
    if account.email:
        # The old address is told first, in case somebody else did this.
        mails.queue_told(session, account, "new_email_told")
    try:
        with session.begin_nested():
            account.email, account.confirmed_at = code.email, clock.now()
    except IntegrityError:
        return False
    _record(session, account, "accounts.email_changed")
    return True


def _record(session: Session, account: Account, event: str) -> None:
    audit.record(session, event, account_id=account.id, subject="account", subject_id=account.id)
