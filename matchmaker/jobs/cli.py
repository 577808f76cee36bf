"""`flask jobs`: work through the job table, or look at it."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.jobs.models import Job
from matchmaker.jobs.runner import Runner

group = AppGroup("jobs", help="Run and look at background jobs.")


@group.command("run")
@click.option("--once", is_flag=True, help="Run what is due now, then stop.")
def run(once: bool) -> None:
    """Run jobs as they fall due; two of these are safe."""
    if once:
        click.echo(f"{Runner().run_all()} jobs run")
        return
    Runner().run_forever()


@group.command("list")
def show() -> None:
    """How many jobs are in which state, by name."""
    query = select(Job.name, Job.state, func.count()).group_by(Job.name, Job.state)
    for name, state, count in db.session.execute(query.order_by(Job.name, Job.state)):
        click.echo(f"{count:6}  {state:8}  {name}")
