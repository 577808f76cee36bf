"""In-app notices and mails, queued with the change they tell of and sent by a job."""

from flask import Flask

from matchmaker.notifications import backend, jobs, privacy, views
from matchmaker.notifications.facts import day, firm_in, label, path_to
from matchmaker.notifications.services import (
    Recipient,
    amend,
    call_off,
    queue,
    settle,
    unread_paths,
)

__all__ = [
    "Recipient",
    "amend",
    "call_off",
    "day",
    "firm_in",
    "label",
    "path_to",
    "queue",
    "register",
    "settle",
    "unread_paths",
]


def register(app: Flask) -> None:
    backend.configure(app)
    jobs.register()
    privacy.register()
    views.register(app)
