"""Signing up: a claim first, an account once the claim is proved."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account, Purpose, SignUp
from matchmaker.accounts.services import consents, identities, mails
from matchmaker.accounts.services.identities import EMAIL, Identity
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock

CLAIM_LIVES = timedelta(days=3)


class IdentityTakenError(MatchmakerError):
    """Somebody signs in with this already."""


def claim(
    session: Session,
    identity: Identity,
    *,
    name: str,
    hashed_password: str,
    language: str,
    purposes: tuple[Purpose, ...],
) -> SignUp:
    """Write the claim, and a mail if there is an address; the same work whether it is taken."""
    now = clock.now()
    row = SignUp(
        kind=identity.kind,
        identity=identity.value,
        name=name,
        password=hashed_password,
        language=language,
        consents=json.dumps({purpose: consents.VERSIONS[purpose] for purpose in purposes}),
        created_at=now,
        expires_at=now + CLAIM_LIVES,
    )
    session.add(row)
    session.flush()
    taken = identities.is_taken(session, identity)
    if identity.kind == EMAIL:
        mails.queue_sign_up(session, row, taken=taken)
    audit.record(session, "accounts.sign_up", account_id=None, subject="sign_up", subject_id=row.id)
    return row


def open_claim(session: Session, identity: Identity) -> SignUp | None:
    """The newest claim that still waits, of those proved by signing in."""
    if identity.kind == EMAIL:
        return None
    query = select(SignUp).where(
        SignUp.kind == identity.kind,
        SignUp.identity == identity.value,
        SignUp.used_at.is_(None),
        SignUp.expires_at > clock.now(),
    )
    return session.scalar(query.order_by(SignUp.id.desc()).limit(1))


def find_claim(session: Session, public_id: str) -> SignUp | None:
    query = select(SignUp).where(
        SignUp.public_id == public_id, SignUp.used_at.is_(None), SignUp.expires_at > clock.now()
    )
    return session.scalar(query)


def prove(session: Session, claim_id: int) -> Account | None:
    """Turn the claim into an account, once; None when somebody was faster or has the identity."""
    now = clock.now()
    won = session.execute(
        update(SignUp)
        .where(SignUp.id == claim_id, SignUp.used_at.is_(None), SignUp.expires_at > now)
        .values(used_at=now)
    )
    row = session.get(SignUp, claim_id)
    if won.rowcount != 1 or row is None:  # type: ignore[attr-defined]
        return None
    identity = Identity(row.kind, row.identity)
    if identities.is_taken(session, identity):
        return None
    try:
        account = make_account(
            session, identity, name=row.name, hashed_password=row.password, language=row.language
        )
    except IdentityTakenError:
        return None
    account.confirmed_at = now if row.kind == EMAIL else None
    given = tuple(Purpose(name) for name in json.loads(row.consents or "{}"))
    consents.give(session, account.id, given, language=row.language, at=row.created_at)
    row.name = row.password = ""
    return account


def make_account(
    session: Session,
    identity: Identity,
    *,
    name: str,
    hashed_password: str | None,
    language: str,
    made_by_id: int | None = None,
) -> Account:
    """Raises IdentityTakenError when somebody was faster; what else the session holds stays."""
    account = Account(
        name=name,
        password=hashed_password,
        language=language,
        fs_uniquifier=uuid.uuid4().hex,
        **identities.columns(identity),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise IdentityTakenError from error
    audit.record(
        session,
        "accounts.made",
        account_id=made_by_id or account.id,
        subject="account",
        subject_id=account.id,
    )
    return account


def prune(session: Session) -> None:
    """Forget claims that were proved or ran out."""
    old = clock.now() - CLAIM_LIVES
    for row in session.scalars(select(SignUp).where(SignUp.expires_at < old).limit(1000)):
        session.delete(row)
