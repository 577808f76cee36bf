"""Where mails go: files in demo mode, memory in tests, SMTP when MATCHMAKER_SMTP_URL is given."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import Flask

from matchmaker.errors import CommandError
from matchmaker.extensions import mail

log = structlog.get_logger()

#: A mail server that hangs must not hold the runner until its job is taken for abandoned.
TIMEOUT_SECONDS = 20
SUBMISSION = 587


def configure(app: Flask) -> None:
    app.config["MAIL_DEFAULT_SENDER"] = app.config["MAIL_FROM"]
    app.config["MAIL_TIMEOUT"] = TIMEOUT_SECONDS
    url = app.config.get("SMTP_URL", "")
    if app.testing:
        app.config.setdefault("MAIL_BACKEND", "locmem")
    elif url:
        app.config.update(smtp_settings(url))
    else:
        if app.config["MODE"] == "production":
            log.warning("mails_are_files", set="MATCHMAKER_SMTP_URL")
        app.config["MAIL_BACKEND"] = "file"
    app.config["MAIL_FILE_PATH"] = str(Path(app.config["DATA"]) / "mails")
    mail.init_app(app)


def smtp_settings(url: str) -> dict[str, object]:
    """smtp://user:password@host:587 or smtps://...; on port 587 TLS is the rule (RFC 8314)."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise CommandError(
            "MATCHMAKER_SMTP_URL cannot be read; write smtp://user:password@host:587."
        )
    secure = parts.scheme == "smtps"
    usual = "1" if parts.port == SUBMISSION else "0"
    starttls = parse_qs(parts.query).get("starttls", [usual])[0] not in ("0", "false", "no")
    return {
        "MAIL_BACKEND": "smtp",
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or (465 if secure else 25),
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": secure,
        "MAIL_USE_TLS": starttls and not secure,
    }
