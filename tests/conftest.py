"""Fixtures: a migrated template database copied for each test, and the client that lints pages."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from matchmaker import create_app
from matchmaker.extensions import db
from matchmaker.matching import topics
from tests import outside
from tests.databases import TestDatabase, open_database
from tests.factories import bind_factories
from tests.page import PageClient

TEST_CONFIG: dict[str, Any] = {
    "TESTING": True,
    "MODE": "demo",
    "SECRET_KEY": "a secret for tests only",
    "SECURITY_PASSWORD_SALT": "a salt for tests only",
    "SECURITY_TOTP_SECRETS": {"1": "a totp secret for tests only, long enough"},
    "SQLALCHEMY_RECORD_QUERIES": True,
    "MAIL_BACKEND": "locmem",
}
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Drawn markets take their time on a busy machine: no deadline for one example.
hypothesis.settings.register_profile("whole", deadline=None, max_examples=25)
#: `make quick` draws a few only.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=10)
hypothesis.settings.load_profile("whole")
KEPT_SETTINGS = {"MATCHMAKER_TEST_DATABASE_URL", "MATCHMAKER_SCREENSHOTS"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a second database would show nothing new about runs once, with SQLite."""
    for item in items:
        if item.get_closest_marker("browser") and not item.nodeid.startswith("tests/browser/"):
            raise pytest.UsageError(f"{item.nodeid}: tests with a browser stand in tests/browser")
    if config.getoption("--database") == "sqlite":
        return
    kept = [item for item in items if _tells_databases_apart(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _tells_databases_apart(item: pytest.Item) -> bool:
    """Services, races, queries and what databases may refuse; of pages only what is marked so.

    On each database the permission walk opens every page as everybody.
    """
    names = set(getattr(item, "fixturenames", ()))
    if "database" not in names or item.get_closest_marker("once"):
        return False
    return not names & {"page", "new_page"} or item.get_closest_marker("both") is not None


@pytest.fixture(autouse=True)
def _nothing_outside() -> Iterator[None]:
    """No test makes the software connect to another machine: not for a profile's address either."""
    yield
    found, outside.tried[:] = list(outside.tried), []
    assert not found, f"connected to other machines: {found}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium where there is one, else the one that playwright brings."""
    names = ("chromium", "google-chrome")
    path = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    found: dict[str, Any] = {"args": QUIET + as_root}
    return found | ({"executable_path": path} if path else {})


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """The migrated template of this process; `fresh()` gives an untouched copy."""
    folder = tmp_path_factory.mktemp("database")
    with open_database(request.config.getoption("--database"), folder) as opened:
        app = create_app(
            TEST_CONFIG | {"DATA": folder / "template", "DATABASE_URL": opened.template_url}
        )
        with app.app_context():
            upgrade()
            if db.engine.dialect.name == "sqlite":
                # The file alone is copied, so everything must be in it.
                with db.engine.connect() as connection:
                    connection.commit()
                    cursor = connection.connection.cursor()
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    cursor.close()
            db.engine.dispose()
        yield opened


@pytest.fixture(scope="session")
def shared_app(
    database: TestDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Flask:
    """One app a process: making it anew for each test would cost more than the test."""
    data = tmp_path_factory.mktemp("data")
    app = create_app(TEST_CONFIG | {"DATA": data, "DATABASE_URL": database.url})
    # Two seconds a language to work out, for each process of each run; named by all it is made of.
    topics.keep_in(pytestconfig.cache.mkdir("topics"))
    # Templates too are compiled once, not by each process.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(pytestconfig.cache.mkdir("templates"))
    return app


@pytest.fixture
def app(shared_app: Flask, database: TestDatabase) -> Iterator[Flask]:
    _forget(shared_app)
    database.fresh()
    with shared_app.app_context():
        bind_factories(db.session)
        yield shared_app
        db.session.rollback()
    _forget(shared_app)


def _forget(app: Flask) -> None:
    """Nothing of one test reaches the next: connections, files, the resident index."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    data = Path(app.config["DATA"])
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    app.extensions.pop("matchmaker_index", None)


@pytest.fixture
def make_app(database: TestDatabase, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Apps with other settings, on a fresh database of their own."""
    made: list[Flask] = []

    def make(**overrides: Any) -> Flask:
        database.fresh()
        config = TEST_CONFIG | {"DATA": tmp_path / "data", "DATABASE_URL": database.url}
        made.append(create_app(config | overrides))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def db_session(app: Flask) -> Session:
    """The session that views use too: commit what a request shall see."""
    return db.session()


@pytest.fixture
def page(app: Flask) -> PageClient:
    """A browser without script: keeps cookies, sends tokens, lints every page it fetches."""
    return PageClient(app)


@pytest.fixture
def new_page(app: Flask) -> Callable[[], PageClient]:
    """Further browsers, for tests with more than one person."""
    return lambda: PageClient(app)


@event.listens_for(Engine, "connect")
def _last_row_first(connection: Any, record: Any) -> None:
    """What is read without an order comes in the other one: PostgreSQL too promises none."""
    if hasattr(connection, "set_progress_handler"):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


def pytest_configure(config: pytest.Config) -> None:
    outside.guard()
    # Walking everything that is imported again and again takes a tenth of the suite's time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    # Nothing may inherit the developer's own settings.
    for name in list(os.environ):
        if name.startswith("MATCHMAKER_") and name not in KEPT_SETTINGS:
            del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
