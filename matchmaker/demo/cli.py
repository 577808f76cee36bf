"""`flask demo`: what `make demo` runs; `flask seed`: data without a server."""

from __future__ import annotations

import socket
import sys
import time

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from matchmaker.demo import accounts, page_bench, seeding, server
from matchmaker.demo.sheet import is_empty
from matchmaker.errors import CommandError
from matchmaker.extensions import db
from matchmaker.organisations.models import Organisation


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Migrate, fill with demo data when empty, and serve web and jobs until Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    port = app.config["PORT"]
    if app.config["MODE"] != "demo":
        raise CommandError("make demo is for MATCHMAKER_MODE=demo; production runs gunicorn.")
    if not _free(port):
        raise CommandError(f"port {port} is taken; choose another: PORT=8001 make demo")
    upgrade()
    if is_empty(db.session()):
        click.echo("Filling the demo with firms, funders and providers ...")
        seeding.seed_standard(db.session())
        db.session.commit()
    click.echo(f"\n  matchmaker runs at http://localhost:{port}\n")
    click.echo("\n".join(accounts.table(db.session())) + "\n")
    click.echo(f"  Mails are files in {app.config['MAIL_FILE_PATH']}\n")
    server.serve(app, port)


@click.command("seed")
@click.option("--n", "number", type=click.IntRange(1, 10_000_000), help="Needs, a firm each.")
@click.option("--requests", type=click.IntRange(0), help="With --n; twice as many if not said.")
@click.option("--seed", default=seeding.SEED, show_default=True, help="Same seed, same data.")
@with_appcontext
def seed(number: int | None, requests: int | None, seed: int) -> None:
    """Fill an empty database: the standard demo, or any number of needs for benches."""
    if current_app.config["MODE"] != "demo":
        raise CommandError("demo data is for MATCHMAKER_MODE=demo only.")
    if db.inspect(db.engine).has_table(Organisation.__tablename__):
        seeding.must_be_empty(db.session())
        db.session.remove()
    upgrade()
    began = time.perf_counter()
    if number is None:
        sheet = seeding.seed_standard(db.session(), seed)
    else:
        wanted = 2 * number if requests is None else requests
        sheet = seeding.seed_sized(db.session(), number, wanted, seed, _progress)
    db.session.commit()
    rows, seconds = sheet.written.total(), time.perf_counter() - began
    click.echo(f"{rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} a second")
    click.echo("index and statistics follow: flask jobs run --once, or flask demo")


@click.command("bench-pages")
@click.option("--rounds", default=30, show_default=True, type=click.IntRange(2))
@with_appcontext
def bench_pages(rounds: int) -> None:
    """Time the main pages on this database, which `flask seed --n` has filled."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.config["MODE"] != "demo":
        raise CommandError("pages are timed with MATCHMAKER_MODE=demo only: it signs in as others.")
    click.echo(page_bench.table(page_bench.measure(app, rounds)))


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows:,} rows", nl=False, err=True)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - the one that gunicorn will take
        except OSError:
            return False
        return True
