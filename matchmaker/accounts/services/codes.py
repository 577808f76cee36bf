"""What opens an account once: signed links in mails, and codes on paper kept as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, AccountCode, CodeKind
from matchmaker.extensions import clock
from matchmaker.extensions.database import PUBLIC_ID_ALPHABET
from matchmaker.language.text import ascii_digits

LIVES = {
    CodeKind.RESET: timedelta(hours=2),
    CodeKind.NEW_EMAIL: timedelta(days=3),
    CodeKind.PRINTED: timedelta(days=14),
}
#: 12 signs of 27 are 57 bits, and a wrong one costs a try of the ten.
PRINTED_LENGTH = 12
SIGN_UP_LINK = "sign_up"


def make_link(
    session: Session, account: Account, kind: CodeKind, *, email: str = ""
) -> AccountCode:
    return _add(session, account, kind, email=email)


def make_printed(session: Session, account: Account, *, made_by_id: int | None) -> str:
    """A new code for paper, shown this once; codes printed before stop working."""
    void(session, account.id, CodeKind.PRINTED)
    code = "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PRINTED_LENGTH))
    row = _add(session, account, CodeKind.PRINTED, made_by_id=made_by_id)
    row.secret_hash = _keyed_hash(code)
    session.flush()
    return spaced(code)


def no_code() -> str:
    """Looks like a printed code and opens nothing."""
    return spaced("".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PRINTED_LENGTH)))


def spaced(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _add(
    session: Session,
    account: Account,
    kind: CodeKind,
    *,
    email: str = "",
    made_by_id: int | None = None,
) -> AccountCode:
    now = clock.now()
    row = AccountCode(
        kind=kind,
        account_id=account.id,
        email=email,
        made_by_id=made_by_id,
        created_at=now,
        expires_at=now + LIVES[kind],
    )
    session.add(row)
    session.flush()
    return row


def token(kind: str, public_id: str) -> str:
    """The secret of a link: signed when the mail is written; the database never holds it."""
    return _serializer().dumps([str(kind), public_id])


def read_token(text: str) -> tuple[str, str] | None:
    try:
        kind, public_id = _serializer().loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return (kind, public_id) if isinstance(kind, str) and isinstance(public_id, str) else None


def find(session: Session, kind: str, public_id: str) -> AccountCode | None:
    """The live code a link names; None for one that was used, voided or ran out."""
    row = session.scalar(select(AccountCode).where(AccountCode.public_id == public_id))
    live = row is not None and row.used_at is None and row.expires_at > clock.now()
    return row if row is not None and live and row.kind == kind else None


def find_printed(session: Session, account_id: int | None, typed: str) -> AccountCode | None:
    query = select(AccountCode).where(
        AccountCode.account_id == (account_id or 0),
        AccountCode.kind == CodeKind.PRINTED,
        AccountCode.used_at.is_(None),
        AccountCode.expires_at > clock.now(),
    )
    wanted = _keyed_hash("".join(c for c in ascii_digits(typed).lower() if c.isalnum()))
    found = None
    for row in session.scalars(query):
        if hmac.compare_digest(row.secret_hash, wanted):
            found = row
    return found


def use(session: Session, code_id: int) -> bool:
    """Of several uses at once exactly one wins."""
    now = clock.now()
    done = session.execute(
        update(AccountCode)
        .where(
            AccountCode.id == code_id, AccountCode.used_at.is_(None), AccountCode.expires_at > now
        )
        .values(used_at=now)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def void(session: Session, account_id: int, *kinds: CodeKind) -> None:
    """Codes of these kinds (all, when none is named) stop working."""
    statement = update(AccountCode).where(
        AccountCode.account_id == account_id,
        AccountCode.used_at.is_(None),
        AccountCode.kind.in_(kinds or tuple(CodeKind)),
    )
    session.execute(statement.values(used_at=clock.now()))


def prune(session: Session) -> None:
    """Forget codes that ended a month ago."""
    old = clock.now() - timedelta(days=30)
    session.execute(delete(AccountCode).where(AccountCode.expires_at < old))


def _keyed_hash(code: str) -> str:
    """Keyed, because somebody who has the database could try all codes of this length."""
    key = hashlib.sha256(f"printed:{current_app.config['SECRET_KEY']}".encode()).digest()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def _serializer() -> URLSafeSerializer:
    # Oldest key first, as itsdangerous wants them: the last one signs, all of them verify.
    keys = [*current_app.config.get("SECRET_KEY_FALLBACKS", ()), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="accounts.link")
