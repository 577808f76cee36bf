"""`flask import` and `flask export`: organisations with needs or offers from files and to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from matchmaker import audit
from matchmaker.accounts.access import StaffScope
from matchmaker.errors import CommandError
from matchmaker.extensions import db
from matchmaker.matching.benchmark_csv import BadFolder
from matchmaker.matching.benchmark_folder import read_folder
from matchmaker.organisations.exporting import files, rows
from matchmaker.organisations.importing import benchmark, wording
from matchmaker.organisations.importing.files import Sheet, read_file
from matchmaker.organisations.importing.importer import PROGRAMME_SOURCE, Importer
from matchmaker.organisations.importing.problems import BadFileError, Problem
from matchmaker.organisations.importing.running import NotCleanError, dry_run, silent, take_in
from matchmaker.organisations.importing.writing import Taking
from matchmaker.organisations.models import Organisation

EVERYTHING = StaffScope(everything=True)
group = AppGroup("import", help="Take organisations with their needs or offers in.")
export_group = AppGroup("export", help="Write organisations with their needs or offers out.")


@group.command("benchmark")
@click.argument("folder", type=click.Path(path_type=Path))
def import_benchmark(folder: Path) -> None:
    """Take a benchmark folder in: organisations, partners; twice changes nothing."""
    try:
        read = read_folder(folder)
    except BadFolder as error:
        raise CommandError(f"{error}; nothing was taken in.") from error
    for note in read.notes:
        click.echo(note, err=True)
    taken = benchmark.take_in(db.session(), read)
    db.session.commit()
    click.echo(
        f"{taken.organisations} organisations, {taken.needs} needs, {taken.offers} offers taken in"
    )


@group.command("organisations")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", "only_look", is_flag=True, help="Report, and write nothing.")
@click.option("--source", default=PROGRAMME_SOURCE, help="Whose keys these are.")
@click.option("--publish", is_flag=True, help="Publish the new ones; else they wait for review.")
@click.option("--to-unicode", is_flag=True, help="Turn what looks like Zawgyi into Unicode.")
def import_organisations(
    file: Path, only_look: bool, source: str, publish: bool, to_unicode: bool
) -> None:
    """Take FILE (.csv or .xlsx) in, all or nothing; the same file twice changes nothing."""
    if not 0 < len(source) <= Organisation.source.type.length:  # type: ignore[attr-defined]
        raise CommandError("--source is a name of 1 to 60 letters.")
    sheet = _read(file)
    importer = Importer(source, scope=EVERYTHING, may_publish=True)
    if only_look:
        report = dry_run(db.engine, importer, sheet, "en", silent, to_unicode=to_unicode)
        _print(report)
        if report["errors"]:
            raise CommandError(f"{report['errors']} cells of {file.name} need another look.")
        click.echo("nothing was written")
        return
    try:
        taking = Taking(publish=publish, to_unicode=to_unicode)
        report = take_in(db.session(), importer, sheet, "en", taking, silent)
    except NotCleanError as error:
        db.session.rollback()
        _print(error.report)
        message = f"{error.report['errors']} cells of {file.name} need another look; nothing was"
        raise CommandError(f"{message} taken in.") from error
    db.session.commit()
    _print(report)


@export_group.command("organisations")
@click.argument("file", type=click.Path(path_type=Path))
def export_organisations(file: Path) -> None:
    """Write all organisations with their open needs and offers to FILE (.csv or .xlsx)."""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise CommandError("the name of the file must end in .csv or .xlsx.")
    if not file.absolute().parent.is_dir():
        raise CommandError(f"the folder of {file} is not there; make it first.")
    found = list(rows.table(db.session(), EVERYTHING, private=True, drafts=True))
    is_csv = file.suffix.lower() == ".csv"
    made = files.to_csv(found) if is_csv else files.to_xlsx([("organisations", found)])
    audit.record(
        db.session(),
        "organisations.exported",
        account_id=None,
        subject="export",
        subject_id=None,
        code="private",
    )
    try:
        file.write_bytes(made)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
    db.session.commit()
    click.echo(f"{file}: {len(found) - 1} rows")


def _read(file: Path) -> Sheet:
    try:
        return read_file(file.name, file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except BadFileError as error:
        words = wording.file_words(error.code, error.facts)
        raise CommandError(f"{file.name}: {words}") from error


def _print(report: dict[str, Any]) -> None:
    for kept in report["problems"]:
        problem = Problem(**kept)
        mark = "" if problem.level == "error" else " (only pointed out)"
        click.echo(f"row {problem.row}, {problem.column}: {wording.words(problem)}{mark}")
    for kind, count in report["counts"].items():
        said = ", ".join(f"{number} {what}" for what, number in count.items())
        click.echo(f"{kind}s: {said}")
