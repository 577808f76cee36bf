"""Jobs are rows of our own table, written in the transaction of the change that asks for them."""

from flask import Flask

from matchmaker.jobs import housekeeping
from matchmaker.jobs.cli import group
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import enqueue, every, handler

__all__ = ["Job", "JobState", "enqueue", "every", "handler", "housekeeping", "register"]


def register(app: Flask) -> None:
    app.cli.add_command(group)
