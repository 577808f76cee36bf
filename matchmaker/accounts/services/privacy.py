"""What this room holds about a person, for export and erasure, and all rooms' together."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account, AccountCode, Consent, Purpose, SignIn, SignUp
from matchmaker.accounts.services import codes, consents, sessions
from matchmaker.audit import privacy
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base
from matchmaker.notifications.models import OutboxMail

ACCOUNT_COLUMNS = (
    "public_id", "name", "email", "telephone", "username", "active", "confirmed_at", "language",
    "time_zone", "staff_role", "scope", "scope_values", "tf_primary_method", "created_at",
)  # fmt: skip
SIGN_IN_COLUMNS = ("created_at", "last_seen_at", "ended_at", "second_factor_at", "user_agent")
SIGN_UP_COLUMNS = ("kind", "identity", "name", "language", "created_at", "used_at")
CODE_COLUMNS = ("kind", "email", "created_at", "expires_at", "used_at")
CONSENT_COLUMNS = ("purpose", "version", "language", "given_at", "withdrawn_at")


def register() -> None:
    """Erased in the opposite order: the account itself last of these."""
    privacy.holder("account", export=_account, erase=_erase_account)
    privacy.holder("consent", export=_rows(Consent, CONSENT_COLUMNS), erase=_end_consents)
    for model, columns in ((SignIn, SIGN_IN_COLUMNS), (AccountCode, CODE_COLUMNS)):
        privacy.holder(model.__tablename__, export=_rows(model, columns), erase=_deleting(model))
    privacy.holder("sign_up", export=_sign_ups, erase=_erase_sign_ups)


def export(session: Session, account: Account) -> str:
    """All that is held about the person, as JSON; recorded."""
    held = privacy.export_account(session, account.id)
    audit.record(
        session,
        "accounts.exported",
        account_id=account.id,
        subject="account",
        subject_id=account.id,
    )
    return json.dumps(held, ensure_ascii=False, indent=2, default=_plain)


def erase(session: Session, account: Account, *, by_id: int | None) -> dict[str, int]:
    """Take every trace of the person out of all rooms; rows changed by table."""
    sessions.end_all(session, account.id)
    codes.void(session, account.id)
    # First, while memberships still tell what the consent kept in the rankings.
    for purpose in Purpose:
        consents.withdraw(session, account.id, purpose)
    changed = privacy.erase_account(session, account.id)
    audit.record(
        session, "accounts.erased", account_id=by_id, subject="account", subject_id=account.id
    )
    return changed


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _values(row: Base, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns}


def _rows(model: Any, columns: tuple[str, ...]) -> privacy.Export:
    def export_rows(session: Session, account_id: int) -> list[dict[str, Any]]:
        rows = session.scalars(select(model).where(model.account_id == account_id))
        return [_values(row, columns) for row in rows]

    return export_rows


def _deleting(model: Any) -> Callable[[Session, int], int]:
    def erase_rows(session: Session, account_id: int) -> int:
        gone = session.execute(delete(model).where(model.account_id == account_id))
        return int(gone.rowcount)  # type: ignore[attr-defined]

    return erase_rows


def _account(session: Session, account_id: int) -> list[dict[str, Any]]:
    row = session.get(Account, account_id)
    return [_values(row, ACCOUNT_COLUMNS)] if row is not None else []


def _erase_account(session: Session, account_id: int) -> int:
    """The row stays without the person: what others did with them names it by number."""
    row = session.get(Account, account_id)
    if row is None:
        return 0
    row.name = ""
    row.email = row.telephone = row.username = row.username_key = row.password = None
    row.tf_primary_method = row.tf_totp_secret = row.tf_last_counter = None
    row.mf_recovery_codes = row.staff_role = row.confirmed_at = None
    row.scope_values, row.active, row.is_demo = [], False, False
    row.fs_uniquifier, row.erased_at = uuid.uuid4().hex, clock.now()
    session.flush()
    return 1


def _end_consents(session: Session, account_id: int) -> int:
    """What was agreed to, and when, stays as evidence beside an account without a name."""
    rows = session.scalars(
        select(Consent).where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
    ).all()
    for row in rows:
        row.withdrawn_at = clock.now()
    return len(rows)


def _own_sign_ups(session: Session, account_id: int) -> list[SignUp]:
    account = session.get(Account, account_id)
    named = [name for name in ("email", "telephone", "username") if getattr(account, name, None)]
    if not named:
        return []
    own = [(SignUp.kind == name) & (SignUp.identity == getattr(account, name)) for name in named]
    return list(session.scalars(select(SignUp).where(or_(*own))))


def _sign_ups(session: Session, account_id: int) -> list[dict[str, Any]]:
    return [_values(row, SIGN_UP_COLUMNS) for row in _own_sign_ups(session, account_id)]


def _erase_sign_ups(session: Session, account_id: int) -> int:
    """With the mails sent to an address before there was an account to name them by."""
    rows = _own_sign_ups(session, account_id)
    for row in rows:
        session.execute(delete(OutboxMail).where(OutboxMail.address == row.identity))
        session.delete(row)
    return len(rows)
