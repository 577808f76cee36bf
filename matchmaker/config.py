"""Every setting, read once from the environment; README has the same table in words."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvError
from sqlalchemy.engine import make_url

from matchmaker.errors import CommandError

SECRET_NAMES = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "SECURITY_TOTP_SECRETS")
WEAK_SECRETS = frozenset({"", "change-me", "changeme", "secret", "dev", "password", "test"})
MIN_SECRET_LENGTH = 16


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole configuration; raises CommandError with one line when it cannot be used."""
    env = Env()
    if not (overrides or {}).get("TESTING"):
        env.read_env(recurse=False)
    try:
        config = _from_environment(env)
    except EnvError as error:
        raise CommandError(f"{error} Correct it or leave it out.") from error
    config.update(overrides or {})
    _database(config)
    config["MODE"] = config["MODE"] or _mode(config)
    config["SECURE"] = str(config["BASE_URL"]).startswith("https://")
    # A mail from "localhost" is refused by most servers that it comes to.
    config["MAIL_FROM"] = config["MAIL_FROM"] or f"matchmaker@{_host(config)}"
    if config["MODE"] == "demo":
        config["PROGRAMME_EMAIL"] = config["PROGRAMME_EMAIL"] or "help@matchmaker.example"
        _demo_secrets(config)
    _check(config)
    config.update(_flask(config))
    return config


def _from_environment(env: Env) -> dict[str, Any]:
    port = env.int("PORT", 8000)
    with env.prefixed("MATCHMAKER_"):
        config: dict[str, Any] = {
            "MODE": env.str("MODE", ""),
            "DATA": Path(env.str("DATA", "var")).absolute(),
            "BASE_URL": env.str("BASE_URL", f"http://localhost:{port}").rstrip("/"),
            "CLOCK_SHIFT": timedelta(seconds=env.float("CLOCK_SHIFT", 0)),
            "PROGRAMME_NAME": env.str("PROGRAMME_NAME", "SME matchmaking programme"),
            "PROGRAMME_COUNTRY": env.str("PROGRAMME_COUNTRY", "LA"),
            "PROGRAMME_EMAIL": env.str("PROGRAMME_EMAIL", ""),
            "PROGRAMME_TELEPHONE": env.str("PROGRAMME_TELEPHONE", ""),
            "PUBLISH_FIRST": env.bool("PUBLISH_FIRST", False),
            "PROXIES": env.int("PROXIES", 0),
            "MAIL_FROM": env.str("MAIL_FROM", ""),
            "SMTP_URL": env.str("SMTP_URL", ""),
            "MAILS_PER_DAY": env.int("MAILS_PER_DAY", 10),
            "UPLOAD_LIMIT_MB": env.int("UPLOAD_LIMIT_MB", 8),
        }
    config["PORT"] = port
    config["DATABASE_URL"] = env.str("DATABASE_URL", "")
    config["REDIS_URL"] = env.str("REDIS_URL", "")
    config["SECRET_KEY"] = env.str("SECRET_KEY", "")
    config["SECRET_KEY_FALLBACKS"] = env.list("SECRET_KEY_FALLBACKS", [])
    config["SECURITY_PASSWORD_SALT"] = env.str("SECURITY_PASSWORD_SALT", "")
    config["SECURITY_TOTP_SECRETS"] = env.json("SECURITY_TOTP_SECRETS", {})
    return config


def _host(config: Mapping[str, Any]) -> str:
    return urlsplit(str(config["BASE_URL"])).hostname or "localhost"


def _database(config: dict[str, Any]) -> None:
    url = config["DATABASE_URL"] or f"sqlite:///{config['DATA'] / 'matchmaker.db'}"
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            url = "postgresql+psycopg://" + url.removeprefix(old)
    config["DATABASE_URL"] = config["SQLALCHEMY_DATABASE_URI"] = url
    config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)


def _engine_options(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        try:
            import pysqlite3 as driver
        except ImportError:  # no wheel for this platform: its own sqlite3 must then be new enough
            import sqlite3 as driver
        return {"module": driver}
    timeouts = {"statement": 5000, "lock": 2000, "idle_in_transaction_session": 10000}
    options = " ".join(f"-c {name}_timeout={ms}" for name, ms in timeouts.items())
    return {
        "connect_args": {"options": options, "connect_timeout": 2},
        "pool_pre_ping": True,
        "pool_size": 8,
        # The last one back is the next one out: its statements are prepared.
        "pool_use_lifo": True,
        "max_overflow": 4,
        "pool_timeout": 5,
    }


def _mode(config: Mapping[str, Any]) -> str:
    real = config["DATABASE_URL"].startswith("postgresql")
    return "production" if real or config["BASE_URL"].startswith("https://") else "demo"


def _demo_secrets(config: dict[str, Any]) -> None:
    """Secrets of a demo are made once and kept in its data folder, readable by its owner only."""
    if all(config[name] for name in SECRET_NAMES):
        return
    path = Path(config["DATA"]) / "secrets.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(32),
            "SECURITY_PASSWORD_SALT": secrets.token_urlsafe(16),
            "SECURITY_TOTP_SECRETS": {"1": secrets.token_urlsafe(32)},
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
    kept = json.loads(path.read_text())
    for name in SECRET_NAMES:
        config[name] = config[name] or kept[name]


def _check(config: Mapping[str, Any]) -> None:
    if config["MODE"] not in ("demo", "production"):
        raise CommandError(f"MATCHMAKER_MODE is {config['MODE']!r}; write demo or production.")
    if config["MODE"] == "demo":
        return
    if os.environ.get("FLASK_DEBUG", "0") not in ("", "0") or config.get("DEBUG"):
        raise CommandError("Debug is on in production; unset FLASK_DEBUG.")
    for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT"):
        if config[name].lower() in WEAK_SECRETS or len(config[name]) < MIN_SECRET_LENGTH:
            raise CommandError(
                f"{name} is missing or weak; give {MIN_SECRET_LENGTH} random characters or more."
            )
    if not config["SECURITY_TOTP_SECRETS"]:
        raise CommandError('SECURITY_TOTP_SECRETS is missing; write {"1": "<random>"} as JSON.')


def _flask(config: Mapping[str, Any]) -> dict[str, Any]:
    """What Flask and its extensions read, derived from our own settings."""
    prefix = "__Host-" if config["SECURE"] else ""
    return {
        "SQLALCHEMY_RECORD_QUERIES": bool(config.get("SQLALCHEMY_RECORD_QUERIES", False)),
        "SESSION_COOKIE_NAME": f"{prefix}matchmaker",
        "SESSION_COOKIE_SECURE": config["SECURE"],
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": config["UPLOAD_LIMIT_MB"] * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 500,
        "TRAP_HTTP_EXCEPTIONS": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_DEFAULT_TIMEZONE": "UTC",
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "TEMPLATES_AUTO_RELOAD": False,
    }
