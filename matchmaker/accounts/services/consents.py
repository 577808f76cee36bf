"""What people agreed to: the purposes, the version of their words, giving and withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Consent, Purpose
from matchmaker.extensions import clock

#: Changed together with the pages of terms and privacy; a newer version is asked for anew.
VERSIONS: dict[Purpose, str] = {
    Purpose.TERMS: "2026-11-21",
    Purpose.PRIVACY: "2026-11-22",
    Purpose.MATCHING: "2026-11-21",
    Purpose.NEWS: "2026-11-21",
}
#: No account without these; who withdraws one of them erases the account instead.
NEEDED = (Purpose.TERMS, Purpose.PRIVACY)
#: Asked for at sign-up and changed on the settings page at any time.
FREE = (Purpose.MATCHING, Purpose.NEWS)

OnChange = Callable[[Session, int, bool], None]
#: Upper rooms add what they do when a consent is given (True) or withdrawn (False).
on_change: dict[Purpose, list[OnChange]] = {purpose: [] for purpose in Purpose}


def give(
    session: Session,
    account_id: int,
    purposes: Iterable[Purpose],
    *,
    language: str,
    at: datetime | None = None,
) -> None:
    """Record each purpose not yet agreed to in its present version."""
    held = {row.purpose: row for row in current(session, account_id)}
    for purpose in purposes:
        if purpose in held and held[purpose].version == VERSIONS[purpose]:
            continue
        row = Consent(
            account_id=account_id,
            purpose=purpose,
            version=VERSIONS[purpose],
            language=language,
            given_at=at or clock.now(),
        )
        session.add(row)
        session.flush()
        _tell(session, account_id, row, "consent.given", given=True)


def withdraw(session: Session, account_id: int, purpose: Purpose) -> None:
    for row in current(session, account_id):
        if row.purpose is purpose:
            row.withdrawn_at = clock.now()
            _tell(session, account_id, row, "consent.withdrawn", given=False)


def current(session: Session, account_id: int) -> list[Consent]:
    query = select(Consent).where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
    return list(session.scalars(query.order_by(Consent.id)))


def history(session: Session, account_id: int) -> list[Consent]:
    query = select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
    return list(session.scalars(query))


def has(session: Session, account_id: int, purpose: Purpose) -> bool:
    return any(row.purpose is purpose for row in current(session, account_id))


def missing(session: Session, account_id: int) -> list[Purpose]:
    """Needed purposes whose present version this person has not agreed to."""
    held = {(row.purpose, row.version) for row in current(session, account_id)}
    return [purpose for purpose in NEEDED if (purpose, VERSIONS[purpose]) not in held]


def _tell(session: Session, account_id: int, row: Consent, event: str, *, given: bool) -> None:
    audit.record(
        session,
        event,
        account_id=account_id,
        subject="consent",
        subject_id=row.id,
        code=f"{row.purpose}:{row.version}",
    )
    for listener in on_change[row.purpose]:
        listener(session, account_id, given)
