"""What people sign in with: an e-mail address, a telephone number or a user name, in one field."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.errors import MatchmakerError
from matchmaker.language.keys import name_key
from matchmaker.language.text import TextError, ascii_digits, clean_line

EMAIL, TELEPHONE, USERNAME = "email", "telephone", "username"
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,}")
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
#: Letters and marks of any script, digits, and three signs in between.
_USERNAME_SIGNS = "._-"


class BadIdentityError(MatchmakerError):
    """It is none of the three; `code` says which it looks like and what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    kind: str
    #: Lower-case address, E.164 number or folded user name.
    value: str


def parse(typed: str, country: str) -> Identity:
    """Recognise what was typed; national numbers are of `country`. Raises BadIdentityError."""
    if len(typed) > Account.EMAIL_MAX + 40:
        raise BadIdentityError("too_long")
    try:
        text = clean_line(_UNSEEN.sub("", unicodedata.normalize("NFKC", typed)))
    except TextError as error:
        raise BadIdentityError("signs") from error
    if not text:
        raise BadIdentityError("empty")
    if "@" in text:
        return Identity(EMAIL, _email(text))
    digits = ascii_digits(text)
    if _PHONE.fullmatch(digits):
        return Identity(TELEPHONE, _telephone(digits, country))
    return Identity(USERNAME, _username(text))


def _email(text: str) -> str:
    try:
        valid = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise BadIdentityError("email") from error
    address = valid.normalized.lower()
    if len(address) > Account.EMAIL_MAX:
        raise BadIdentityError("email")
    return address


def _telephone(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise BadIdentityError("telephone") from error
    if not phonenumbers.is_possible_number(number):
        raise BadIdentityError("telephone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _username(text: str) -> str:
    name = text.casefold()
    letters = [c for c in name if unicodedata.category(c)[0] == "L"]
    allowed = all(unicodedata.category(c)[0] in "LMN" or c in _USERNAME_SIGNS for c in name)
    if not Account.USERNAME_MIN <= len(name) <= Account.USERNAME_MAX:
        raise BadIdentityError("username_length")
    if not letters or not allowed or not username_key(name):
        raise BadIdentityError("username")
    return name


def username_key(username: str) -> str:
    """Equal for user names that look alike in any of our scripts."""
    return name_key(username)[: Account.USERNAME_MAX]


def find_account(session: Session, identity: Identity) -> Account | None:
    return session.scalar(select(Account).where(getattr(Account, identity.kind) == identity.value))


def is_taken(session: Session, identity: Identity) -> bool:
    if identity.kind == USERNAME:
        query = select(Account.id).where(Account.username_key == username_key(identity.value))
    else:
        query = select(Account.id).where(getattr(Account, identity.kind) == identity.value)
    return session.scalar(query.limit(1)) is not None


def columns(identity: Identity) -> dict[str, str]:
    """The columns of Account that hold it."""
    values = {identity.kind: identity.value}
    if identity.kind == USERNAME:
        values["username_key"] = username_key(identity.value)
    return values
