"""Pages of the people room."""

from flask import Flask

from matchmaker.accounts.views import (
    door,
    expired,
    link,
    own_data,
    people,
    reset,
    second_factor,
    second_step,
    settings,
    sign_up,
)
from matchmaker.accounts.views.blueprint import bp

__all__ = ["bp", "register"]

_PAGES = (door, link, own_data, people, reset, second_factor, second_step, settings, sign_up)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    expired.register(app)
