"""Reads cannot write, and writers lose nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, db, transactions
from matchmaker.extensions.changes import ChangeCounter, ChangeKind
from matchmaker.organisations.models import Organisation
from tests.factories import OrganisationFactory

#: On a server no more than keep their connections: who is beyond waits for one, or is told to
#: come again, and that is not what is looked at here.
RACES = {"sqlite": (16, 125), "postgresql": (8, 50)}


def test_a_reading_transaction_cannot_change_a_row(app: Flask) -> None:
    OrganisationFactory(staff=1)
    db.session.commit()
    with transactions.reading(), Session(db.engine) as session, pytest.raises(DBAPIError):
        session.execute(update(Organisation).values(staff=2))
    assert db.session.scalar(text("SELECT staff FROM organisation")) == 1


def test_a_reading_session_leaves_the_others_of_its_thread_alone(app: Flask) -> None:
    with transactions.reading_session(db.engine) as reading:
        with pytest.raises(DBAPIError):
            reading.execute(update(Organisation).values(staff=2))
        OrganisationFactory(staff=1)
        db.session.commit()
    assert db.session.scalar(text("SELECT staff FROM organisation")) == 1


@pytest.mark.slow
def test_racing_writers_lose_no_update(app: Flask) -> None:
    with Session(db.engine) as session:
        session.add(ChangeCounter(id=1, n=0))
        session.commit()
    engine = db.engine

    def add_one(_: int) -> None:
        with transactions.writing_session(engine) as session:
            row = session.get(ChangeCounter, 1, with_for_update=True)
            assert row is not None
            row.n += 1

    writers, each = RACES[engine.dialect.name]
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(add_one, range(writers * each)))
    assert changes.latest(db.session()) == writers * each


def test_change_numbers_follow_the_commits(app: Flask) -> None:
    session = db.session()
    for row_id in (1, 2, 1):
        changes.note(session, ChangeKind.NEED, row_id)
        session.commit()
    found = [(change.row_id, change.n) for change in changes.since(session, 0, 10)]
    assert found == [(2, 2), (1, 3)]


def test_a_rolled_back_change_takes_no_number(app: Flask) -> None:
    session = db.session()
    changes.note(session, ChangeKind.NEED, 1)
    session.rollback()
    session.commit()
    assert changes.latest(session) == 0


@pytest.mark.parametrize(
    "pragma", [("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)]
)
def test_sqlite_runs_with_the_safe_settings(app: Flask, pragma: tuple[str, int]) -> None:
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW statement_timeout")) == "5s"
        assert db.session.scalar(text("SHOW lock_timeout")) == "2s"
        return
    name, value = pragma
    assert db.session.scalar(text(f"PRAGMA {name}")) == value
    assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"
    version = db.session.scalar(text("SELECT sqlite_version()"))
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)


def test_statements_of_a_job_may_take_longer_than_those_of_a_page(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        # SQLite limits the wait for its lock only, and a job waits no longer than a page.
        with transactions.patient():
            assert db.session.scalar(text("PRAGMA busy_timeout")) == 5000
        return
    show = text(
        "SELECT min(setting::int) FROM pg_settings"
        " WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout')"
    )
    page = db.session.scalar(show)
    db.session.rollback()
    with transactions.patient():
        job = db.session.scalar(show)
        db.session.rollback()
    assert page < job == transactions.JOB_STATEMENT_MS
    assert db.session.scalar(show) == page


def test_reading_leaves_its_statements_prepared(app: Flask) -> None:
    """Whatever ids they are asked with; SQLite has nothing to prepare on a server."""
    query = select(Organisation.id).where(Organisation.id.in_([1, 40_000, 3_000_000]))
    other = select(Organisation.id).where(Organisation.id.in_([50_000, 2, 3]))
    with transactions.reading_session(db.engine) as session:
        for _ in range(4):
            for each in (query, other):
                session.scalars(each).all()
                session.rollback()
        if session.get_bind().dialect.name == "postgresql":
            prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :of")
            assert session.scalar(prepared, {"of": "%organisation.id IN%"}) == 1


def test_what_was_written_and_not_committed_is_taken_back(app: Flask) -> None:
    OrganisationFactory(staff=1)
    db.session.commit()
    db.session.execute(update(Organisation).values(staff=2))
    db.session.rollback()
    assert db.session.scalar(text("SELECT staff FROM organisation")) == 1
