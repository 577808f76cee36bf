"""`flask privacy`: answer people who ask for their data, or to be forgotten."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from matchmaker.accounts.cli import find
from matchmaker.accounts.services import privacy
from matchmaker.extensions import db

group = AppGroup("privacy", help="Export or erase what is held about a person.")


@group.command("export")
@click.argument("account")
def export(account: str) -> None:
    """Print all that is held about ACCOUNT (identity or public id) as JSON."""
    click.echo(privacy.export(db.session(), find(db.session(), account)))
    db.session.commit()


@group.command("erase")
@click.argument("account")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(account: str, yes: bool) -> None:
    """Erase ACCOUNT from every room; this cannot be undone."""
    found = find(db.session(), account)
    if not yes:
        click.confirm(f"Erase {found.identity or found.public_id} for good?", abort=True)
    changed = privacy.erase(db.session(), found, by_id=None)
    db.session.commit()
    click.echo(", ".join(f"{table} {rows}" for table, rows in sorted(changed.items()) if rows))
