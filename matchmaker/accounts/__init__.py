"""The people room: accounts, sign-in, staff roles and scopes, consent, export and erase."""

from flask import Flask

from matchmaker.accounts import (
    cli,
    jobs,
    limits,
    loader,
    models,
    privacy_cli,
    security,
    views,
)
from matchmaker.accounts.services import codes, privacy

__all__ = ["models", "register"]


def register(app: Flask) -> None:
    security.bind(app)
    loader.bind(app)
    limits.register(app)
    views.register(app)
    jobs.register()
    privacy.register()
    app.cli.add_command(cli.group)
    app.cli.add_command(privacy_cli.group)
    # Mails are worded when they are sent: only then is a link's secret made.
    app.jinja_env.globals["account_link_token"] = codes.token
    app.jinja_env.globals["base_url"] = lambda: app.config["BASE_URL"]
