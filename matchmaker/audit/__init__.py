"""Who did what to which id and when; never a value or a name."""

from flask import Flask

from matchmaker.audit.cli import group
from matchmaker.audit.services import record

__all__ = ["record", "register"]


def register(app: Flask) -> None:
    app.cli.add_command(group)
