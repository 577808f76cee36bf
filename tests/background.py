"""Running jobs in a test as their own process would: another context, another session."""

from __future__ import annotations

from contextvars import Context

from flask import Flask

from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner


def run_jobs(app: Flask) -> int:
    """Everything that is due now; the test's own session lets go of its locks before."""
    db.session.commit()
    done: int = Context().run(_run, app)
    db.session.expire_all()
    return done


def _run(app: Flask) -> int:
    with app.app_context():
        return Runner().run_all()
