"""`flask audit`: prove that the log was not altered."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from matchmaker.audit import services
from matchmaker.extensions import db

group = AppGroup("audit", help="Check the audit log.")


@group.command("verify")
def verify() -> None:
    """Recompute every seal; exit code 1 when something was altered."""
    verdict = services.verify(db.session(), Path(current_app.config["DATA"]))
    if not verdict.ok:
        click.echo(f"altered: {verdict.problem}", err=True)
        raise SystemExit(1)
    click.echo(f"{verdict.events} events in {verdict.seals} seals, none altered")
