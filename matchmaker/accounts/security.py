"""Flask-Security, bound with its primitives on and all its pages off; ADR 0002 says why."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, Totp
from flask_security.password_util import PasswordUtil
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, TotpMatch
from sqlalchemy import or_, update

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import passwords
from matchmaker.extensions import clock, db

#: OWASP's least for argon2id: 19 MiB, two passes, one lane.
ARGON2 = {
    "argon2__type": "id",
    "argon2__memory_cost": 19 * 1024,
    "argon2__time_cost": 2,
    "argon2__parallelism": 1,
}
RECOVERY_CODES = 8


class OurTotp(Totp):  # type: ignore[misc]
    """On our clock, and no code is accepted twice, not even by two workers at once."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: clock.now().timestamp())

    def get_last_counter(self, user: Any) -> int | None:
        return user.tf_last_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        fresh = or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < tmatch.counter)
        done = db.session.execute(
            update(Account)
            .where(Account.id == user.id, fresh)
            .values(tf_last_counter=tmatch.counter)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise UsedTokenError


class OurPasswords(PasswordUtil):  # type: ignore[misc]
    """Flask-Security asks the same rules that our own forms ask."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        plain = self.normalize(password)
        problem = passwords.problem(plain)
        return ([problem] if problem else None), plain


def bind(app: Flask) -> None:
    app.config.update(_settings(app))
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, Account, None),  # type: ignore[arg-type]
        register_blueprint=False,
        totp_cls=OurTotp,
        password_util_cls=OurPasswords,
    )
    # Flask-Principal would read the account before each request, of /livez too; we don't use it.
    app.before_request_funcs[None].remove(security.principal._on_before_request)


def _settings(app: Flask) -> dict[str, Any]:
    keys = [
        base64.urlsafe_b64encode(hashlib.sha256(str(secret).encode()).digest())
        for _number, secret in sorted(app.config["SECURITY_TOTP_SECRETS"].items(), reverse=True)
    ]
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TOTP_ISSUER": app.config["PROGRAMME_NAME"].replace(":", " "),
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": keys,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_TOKEN_MAX_AGE": timedelta(hours=1),
    }
