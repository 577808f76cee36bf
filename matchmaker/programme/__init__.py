"""The programme room."""

from flask import Flask


def register(app: Flask) -> None:
    """Nothing to wire yet."""
