"""Commands that reach over rooms; each says in one line what is wrong and exits with 2."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Rooms add their own groups; here stand those that belong to none."""
