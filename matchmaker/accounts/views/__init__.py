"""Pages of the people room."""

from flask import Flask

from matchmaker.accounts.views import door, expired, link, reset, second_step, sign_up
from matchmaker.accounts.views.blueprint import bp

__all__ = ["bp", "register"]

_PAGES = (door, link, reset, second_step, sign_up)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    expired.register(app)
