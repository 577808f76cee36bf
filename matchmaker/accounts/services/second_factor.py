"""The second factor: an authenticator app, and recovery codes for the day the phone is gone."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import mails
from matchmaker.extensions import clock
from matchmaker.language.text import ascii_digits
from matchmaker.web import qr

METHOD = "authenticator"
#: A code of one step before or after is taken too: clocks of phones differ.
WINDOW_SECONDS = 30
DIGITS = 6
PICTURE_SIZE = 240


def _security() -> Any:
    return current_app.extensions["security"]


def new_secret() -> str:
    """Encrypted, so that it may wait in the cookie until the first code proves it."""
    secret: str = _security().totp_factory.generate_totp_secret()
    return secret


def key_of(secret: str) -> str:
    key: str = _security().totp_factory.get_totp_pretty_key(secret)
    return key


def picture_of(account: Account, secret: str) -> str:
    """The QR code as SVG to stand in the page; the key beside it says the same."""
    uri = _security().totp_factory.get_totp_uri(account.identity or account.public_id, secret)
    return qr.picture(uri, PICTURE_SIZE)


def code_now(account: Account) -> str:
    code: str = _security().totp_factory.generate_totp_password(account.tf_totp_secret)
    return code


def check(session: Session, account: Account, typed: str, secret: str | None = None) -> bool:
    """A code of the app, or one of the recovery codes, which is used up by it."""
    plain = "".join(ascii_digits(typed).split()).lower()
    held = secret or account.tf_totp_secret
    if held and plain.isdigit() and len(plain) == DIGITS:
        right: bool = _security().totp_factory.verify_totp(
            plain, held, account, window=WINDOW_SECONDS
        )
        return right
    return secret is None and _use_recovery_code(session, account, plain)


def _use_recovery_code(session: Session, account: Account, plain: str) -> bool:
    util = _security().mf_recovery_codes_util
    # Two workers with the same code: the row lock lets one look after the other has used it.
    session.refresh(account, with_for_update=True)
    digits = plain.replace("-", "")
    code = "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    if not account.mf_recovery_codes or not util.check_recovery_code(account, code):
        return False
    util.delete_recovery_code(account, code)
    _record(session, account, "accounts.recovery_code_used")
    return True


def enrol(session: Session, account: Account, secret: str) -> list[str]:
    """Ask for codes from now on; the recovery codes, to be shown this once."""
    account.tf_totp_secret, account.tf_primary_method = secret, METHOD
    codes = new_recovery_codes(session, account)
    _record(session, account, "accounts.second_factor_on")
    mails.queue_told(session, account, "second_factor_on")
    return codes


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    codes: list[str] = _security().mf_recovery_codes_util.create_recovery_codes(account)
    _record(session, account, "accounts.recovery_codes_made")
    return codes


def remove(session: Session, account: Account) -> None:
    """No codes any more; staff are made to enrol anew at their next sign-in."""
    account.tf_totp_secret = account.tf_primary_method = account.tf_last_counter = None
    account.mf_recovery_codes = None
    account.updated_at = clock.now()
    _record(session, account, "accounts.second_factor_off")
    mails.queue_told(session, account, "second_factor_off")


def _record(session: Session, account: Account, event: str) -> None:
    audit.record(session, event, account_id=account.id, subject="account", subject_id=account.id)
