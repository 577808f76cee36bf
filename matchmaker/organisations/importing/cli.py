"""`flask import`: organisations with needs or offers from files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from matchmaker.errors import CommandError
from matchmaker.extensions import db
from matchmaker.matching.benchmark_folder import BadFolder, read_folder
from matchmaker.organisations.importing import benchmark

group = AppGroup("import", help="Take organisations with their needs or offers in.")


@group.command("benchmark")
@click.argument("folder", type=click.Path(path_type=Path))
def import_benchmark(folder: Path) -> None:
    """Take a benchmark folder in: organisations, partners; twice changes nothing."""
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder; name one that holds organisations.csv.")
    try:
        read = read_folder(folder)
    except BadFolder as error:
        raise CommandError(f"{error}; nothing was taken in.") from error
    taken = benchmark.take_in(db.session(), read)
    db.session.commit()
    click.echo(
        f"{taken.organisations} organisations, {taken.needs} needs, {taken.offers} offers taken in"
    )
