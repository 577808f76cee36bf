"""Organisations, their people, needs and offers, and how they are published."""

from flask import Flask

from matchmaker.organisations import (
    account_cli,
    consortium_privacy,
    helping,
    jobs,
    privacy,
    services,
    wording,
)
from matchmaker.organisations.importing import cli as import_cli
from matchmaker.organisations.services.understood import concept_label
from matchmaker.organisations.views import bp

__all__ = ["account_cli", "jobs", "register", "services"]


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    helping.register()
    privacy.register()
    consortium_privacy.register()
    app.cli.add_command(import_cli.group)
    app.cli.add_command(import_cli.export_group)
    app.jinja_env.filters["concept_label"] = concept_label
    app.jinja_env.filters["sector_words"] = wording.sector_words
