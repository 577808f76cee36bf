"""Wording a notice or a mail in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import formataddr
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_mailman import EmailMessage
from jinja2 import TemplateNotFound

from matchmaker.notifications import tokens
from matchmaker.notifications.facts import Words, words
from matchmaker.notifications.kinds import KINDS, Kind
from matchmaker.notifications.models import OutboxMail

SUBJECT_MAX = 150
#: Control characters, line and paragraph separators, and marks that turn text round.
_NOT_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def sentence(kind: str, facts: Mapping[str, Any], locale: str) -> str:
    """A notice as the page shows it; a kind that is no longer known shows as itself."""
    told = KINDS.get(kind)
    return str(told.sentence) % words(facts, locale) if told else kind


def header_text(text: str) -> str:
    """Text that fits a header: one line, no control characters, not too long."""
    flat = " ".join(_NOT_IN_HEADERS.sub(" ", text).split())
    return flat if len(flat) <= SUBJECT_MAX else flat[: SUBJECT_MAX - 1] + "\N{HORIZONTAL ELLIPSIS}"


def link(facts: Mapping[str, Any]) -> str | None:
    """The page a notice leads to: only addresses within this site."""
    path = facts.get("path")
    if not isinstance(path, str) or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    return path


def message(
    mail: OutboxMail, reader_public_id: str | None, lines: Sequence[str] = ()
) -> EmailMessage:
    """The whole mail; `lines` are the sentences of a digest."""
    told = KINDS[mail.kind]
    base = current_app.config["BASE_URL"]
    leave = None
    if told.optional and reader_public_id:
        leave = f"{base}/unsubscribe/{tokens.make(reader_public_id, mail.kind)}"
    with force_locale(mail.locale):
        spoken = words(mail.facts, mail.locale)
        subject = header_text(str(told.subject) % spoken)
        body = _body(told, spoken, url=_absolute(base, mail.facts), leave=leave, lines=lines)
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if leave:
        headers["List-Unsubscribe"] = f"<{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(subject, body, _sender(), [mail.address], headers=headers)


def _sender() -> str:
    name = header_text(current_app.config["PROGRAMME_NAME"])
    return formataddr((name, current_app.config["MAIL_FROM"]), charset="utf-8")


def _body(told: Kind, spoken: Words, **context: Any) -> str:
    environment = current_app.jinja_env
    try:
        template = environment.get_template(f"email/{told.name}.txt")
    except TemplateNotFound:
        template = environment.get_template("email/notice.txt")
    programme = {
        name: current_app.config[f"PROGRAMME_{name.upper()}"]
        for name in ("name", "email", "telephone")
    }
    text: str = template.render(
        sentence=str(told.sentence) % spoken, facts=spoken, programme=programme, **context
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _absolute(base: str, facts: Mapping[str, Any]) -> str | None:
    path = link(facts)
    return base + path if path else None
