"""The demo: our own data, and the one command that starts the whole product."""

from flask import Flask

from matchmaker.demo import cli


def register(app: Flask) -> None:
    app.cli.add_command(cli.demo)
    app.cli.add_command(cli.seed)
    app.cli.add_command(cli.bench_pages)
