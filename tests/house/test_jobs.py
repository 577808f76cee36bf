"""Jobs: written with the change, run once, tried again, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock, db
from matchmaker.jobs import services
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.runner import Runner, run_next

RAN: list[int] = []


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    def note(session: Session, job: Job) -> None:
        RAN.append(job.arguments["n"])

    def break_down(session: Session, job: Job) -> None:
        raise RuntimeError("no")

    RAN.clear()
    services.handlers.update({"test.note": note, "test.break": break_down})
    yield
    for name in ("test.note", "test.break"):
        services.handlers.pop(name)


def test_a_job_that_was_rolled_back_does_not_run(app: Flask) -> None:
    jobs.enqueue(db.session(), "test.note", n=1)
    db.session.rollback()
    assert not run_next()


def test_a_key_waits_only_once(app: Flask) -> None:
    first = jobs.enqueue(db.session(), "test.note", key="same", n=1)
    second = jobs.enqueue(db.session(), "test.note", key="same", n=2)
    db.session.commit()
    assert first is not None
    assert second is None
    assert Runner().run_all() == 1
    assert jobs.enqueue(db.session(), "test.note", key="same", n=3) is not None


def test_two_runners_run_each_job_once(app: Flask) -> None:
    for n in range(20):
        jobs.enqueue(db.session(), "test.note", n=n)
    db.session.commit()

    def work(_: int) -> None:
        with app.app_context():
            while run_next():
                pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert sorted(RAN) == list(range(20))


def test_a_broken_job_backs_off_and_gives_up(app: Flask) -> None:
    jobs.enqueue(db.session(), "test.break")
    db.session.commit()
    assert run_next()
    job = db.session.scalar(select(Job))
    assert job is not None
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    assert job.run_after > clock.now()
    for _ in range(services.MAX_ATTEMPTS - 1):
        job.run_after = clock.now() - timedelta(seconds=1)
        db.session.commit()
        assert run_next()
        job = db.session.scalar(select(Job))
        assert job is not None
    assert job.state is JobState.FAILED
    assert "RuntimeError" in job.last_error


def test_a_job_whose_runner_died_is_taken_up_again(app: Flask) -> None:
    jobs.enqueue(db.session(), "test.note", n=7)
    db.session.commit()
    job = services.claim(db.session())
    assert job is not None
    job.locked_until = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert run_next()
    assert RAN == [7]


def test_periodic_jobs_start_once_for_two_runners(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "periodics", {"test.note": timedelta(hours=1)})
    for _ in range(2):
        services.start_periodic(db.session())
        db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_every_periodic_job_has_a_handler(app: Flask) -> None:
    assert set(services.periodics) <= set(services.handlers)


def test_a_weekly_job_leaves_the_first_quarter_hour_to_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "periodics", {"test.note": timedelta(days=7)})
    started = clock.now()
    for minutes, expected in ((0, 0), (14, 0), (16, 1), (60, 1)):
        monkeypatch.setattr(clock, "now", lambda at=minutes: started + timedelta(minutes=at))
        services.start_periodic(db.session())
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Job)) == expected


@pytest.mark.once
def test_sqlite_counts_how_its_rows_spread(app: Flask) -> None:
    jobs.enqueue(db.session(), "jobs.analyse")
    db.session.commit()
    assert Runner().run_all() == 1
    known = set(db.session.scalars(text("SELECT DISTINCT tbl FROM sqlite_stat1")))
    assert Job.__tablename__ in known
