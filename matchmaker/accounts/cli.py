"""`flask accounts`: make people, staff and codes at the keyboard."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("accounts", help="People who sign in.")
