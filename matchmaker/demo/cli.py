"""`flask demo`: what `make demo` runs."""

from __future__ import annotations

import os
import socket

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from matchmaker.demo import server
from matchmaker.errors import CommandError

DEFAULT_PORT = 8000


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Migrate, fill with demo data when empty, and serve web and jobs until Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    port = int(os.environ.get("PORT") or DEFAULT_PORT)
    if app.config["MODE"] != "demo":
        raise CommandError("make demo is for MATCHMAKER_MODE=demo; production runs gunicorn.")
    if not _free(port):
        raise CommandError(f"port {port} is taken; choose another: PORT=8001 make demo")
    upgrade()
    click.echo(f"\n  matchmaker runs at http://localhost:{port}\n")
    server.serve(app, port)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True
