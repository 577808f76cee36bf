"""Commands that belong to no room; each says in one line what is wrong and exits with 2."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app, has_app_context
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchmaker import archive
from matchmaker.audit import services as audit
from matchmaker.errors import CommandError
from matchmaker.extensions import db, transactions
from matchmaker.organisations.models import Organisation

#: Commands that need no table, or make them.
WITHOUT_TABLES = frozenset({"backup", "restore", "db", "run", "shell", "routes", "demo", "seed"})


def register(app: Flask) -> None:
    """The last room of all: every command of the others is guarded here."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    for name, command in app.cli.commands.items():
        _guard(command, needs_tables=name not in WITHOUT_TABLES)


def _guard(command: click.Command, *, needs_tables: bool) -> None:
    """A database that is away or has no tables is one line, never a traceback."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _guard(part, needs_tables=needs_tables)
        return
    inside = command.callback
    if inside is None or hasattr(inside, "guarded"):
        return

    @functools.wraps(inside)
    def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            if needs_tables:
                _make_tables()
            return inside(*arguments, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise CommandError(f"the database cannot be used: {reason}") from error

    guarded.guarded = True  # type: ignore[attr-defined]
    command.callback = guarded


def _make_tables() -> None:
    """In a demo the first command makes them; elsewhere whoever runs it is told how."""
    with _context():
        with transactions.reading():
            if db.inspect(db.engine).has_table(Organisation.__tablename__):
                return
        if current_app.config["MODE"] != "demo" or db.engine.dialect.name != "sqlite":
            raise CommandError("the database has no tables yet; run `flask db upgrade` first.")
        upgrade()


def _context() -> AbstractContextManager[Any]:
    """The application of the command line, which a guarded command has not entered yet."""
    if has_app_context():
        return contextlib.nullcontext()
    info = click.get_current_context().ensure_object(ScriptInfo)
    return info.load_app().app_context()


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database and the files of evidence into FILE while people work on it."""
    if file.exists():
        raise CommandError(f"{file} is there already; choose another name.")
    if not file.absolute().parent.is_dir():
        raise CommandError(f"the folder of {file} is not there; make it first.")
    part, copy = (file.with_name(file.name + ending) for ending in (".part", ".copy"))
    for left in (part, copy):
        left.unlink(missing_ok=True)
    if db.engine.dialect.name == "sqlite":
        _sqlite_copy(_sqlite_file(must_exist=True), copy)
    else:
        _postgresql("pg_dump", "--format=custom", f"--file={copy}")
    # Files are never changed, only added and removed: one that goes meanwhile is not needed.
    archive.pack(part, copy, Path(current_app.config["DATA"]))
    copy.unlink()
    part.replace(file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the present database.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Put what FILE holds in place; stop the web and job processes first."""
    if not file.is_file():
        raise CommandError(f"{file} is not there; name a file that `flask backup` wrote.")
    with archive.database_of(file) as database:
        if db.engine.dialect.name == "sqlite":
            _sqlite_restore(database, replace)
        else:
            _postgresql_restore(database, replace)
    archive.put_files_back(file, Path(current_app.config["DATA"]))
    verdict = audit.verify(db.session(), Path(current_app.config["DATA"]))
    click.echo("restored" if verdict.ok else f"restored; audit log: {verdict.problem}")


def _driver() -> Any:
    return current_app.config["SQLALCHEMY_ENGINE_OPTIONS"]["module"]


def _sqlite_file(must_exist: bool) -> Path:
    path = Path(str(db.engine.url.database))
    if must_exist and not path.is_file():
        raise CommandError(f"there is no database at {path}; run `flask db upgrade` first.")
    return path


def _sqlite_copy(source: Path, target: Path) -> None:
    """The online backup of SQLite: consistent under load, where copying the file is not."""
    driver = _driver()
    read, write = driver.connect(str(source)), driver.connect(str(target))
    try:
        read.backup(write)
        write.execute("PRAGMA journal_mode=DELETE")
    finally:
        write.close()
        read.close()


def _sqlite_restore(file: Path, replace: bool) -> None:
    target = _sqlite_file(must_exist=False)
    if target.exists() and not replace:
        raise CommandError("there is a database already; add --replace to put this in its place.")
    driver = _driver()
    try:
        connection = driver.connect(f"file:{file}?mode=ro", uri=True)
        healthy = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    except driver.DatabaseError as error:
        raise CommandError(f"{file} is not a backup that can be read.") from error
    if not healthy:
        raise CommandError(f"{file} is damaged; take another backup.")
    db.session.remove()
    db.engine.dispose()
    part = target.with_name(target.name + ".part")
    shutil.copyfile(file, part)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    part.replace(target)


def _postgresql_restore(file: Path, replace: bool) -> None:
    tables = db.inspect(db.engine).get_table_names()
    db.session.remove()
    db.engine.dispose()
    if tables and not replace:
        raise CommandError("there are tables already; add --replace to put this in their place.")
    _postgresql(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={_plain(db.engine.url)}", str(file), connect=False,
    )  # fmt: skip


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _postgresql(program: str, *arguments: str, connect: bool = True) -> None:
    """PostgreSQL's own program; the password goes by its environment, never on the line."""
    url = db.engine.url
    if shutil.which(program) is None:
        raise CommandError(f"{program} is not installed; install the PostgreSQL client programs.")
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    command = [program, *arguments, *([_plain(url)] if connect else [])]
    # The program is one of two names of ours, its arguments come from the operator's own line.
    done = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CommandError(f"{program} failed: {reason}")
