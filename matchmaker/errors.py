"""Errors of the domain that more than one room raises; a room's own stand in its services."""

from __future__ import annotations

import sys
from typing import IO, Any

import click


class MatchmakerError(Exception):
    """Something a person asked for cannot be done; views turn it into words."""


class NotAllowed(MatchmakerError):
    """The actor may not do this to that object."""


class StaleVersion(MatchmakerError):
    """The row was changed by somebody else since the form was opened."""


class WrongState(MatchmakerError):
    """The row is no longer in a state from which this step is possible."""


class CommandError(MatchmakerError, click.ClickException):
    """A command cannot go on: one line for the person at the keyboard, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"matchmaker: {self.message}", file=file or sys.stderr)
