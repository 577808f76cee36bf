"""The process that works through the job table: `flask jobs run`."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from types import FrameType

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from matchmaker.extensions import clock, db, transactions
from matchmaker.jobs import services
from matchmaker.jobs.models import Job, JobState

log = structlog.get_logger()

IDLE_SECONDS = 0.5
PERIODIC_CHECK = timedelta(seconds=20)


class Runner:
    """Claims one job at a time, runs its handler and commits both together."""

    def __init__(self) -> None:
        self.stopping = False
        self._next_periodic = clock.now()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run_forever(self) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self.stopping:
            try:
                worked = self.step()
            except OperationalError as error:
                # The database is away or busy: the rows wait, so do we.
                db.session.rollback()
                log.warning("jobs_wait", reason=str(error.orig)[:200])
                worked = False
            if not worked and not self.stopping:
                time.sleep(IDLE_SECONDS)

    def run_all(self, limit: int = 1000) -> int:
        """Run everything that is due now; for tests, seeding and `flask jobs run --once`."""
        done = 0
        while done < limit and run_next():
            done += 1
        return done

    def step(self) -> bool:
        if clock.now() >= self._next_periodic:
            self._next_periodic = clock.now() + PERIODIC_CHECK
            self._periodic()
        return run_next()

    def _periodic(self) -> None:
        try:
            services.start_periodic(db.session())
            db.session.commit()
        except IntegrityError:
            # The other runner was first.
            db.session.rollback()


def run_next() -> bool:
    """One job, if any is due: its changes and its end are one transaction."""
    job = services.claim(db.session())
    db.session.commit()
    if job is None:
        return False
    with transactions.patient():
        _work(job)
    return True


def _work(job: Job) -> None:
    job_id, name = job.id, job.name
    try:
        services.handlers[name](db.session(), job)
        if job.state is JobState.RUNNING:
            services.finish(db.session(), job)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.exception("job_failed", job=name, id=job_id)
        failed = db.session.get(Job, job_id)
        if failed is not None:
            services.fail(db.session(), failed, f"{type(error).__name__}: {error}")
        db.session.commit()
    finally:
        db.session.remove()
