"""The organisations room."""

from flask import Flask

from matchmaker.organisations import models

__all__ = ["models", "register"]


def register(app: Flask) -> None:
    """Nothing to wire yet."""
