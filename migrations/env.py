"""Runs the migrations inside the app, one migrator at a time."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, event, text

from matchmaker.extensions.database import UTCDateTime

# Any fixed number: two migrators started at once take turns.
ADVISORY_LOCK = 7_301_944


def render_item(kind: str, item: Any, autogenerate: Any) -> str | bool:
    """Migrations speak plain SQLAlchemy, so that they outlive our own types."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    arguments = dict(current_app.extensions["migrate"].configure_args)
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_item=render_item,
        **arguments,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        context.run_migrations()


def main() -> None:
    engine = current_app.extensions["migrate"].db.engine
    if engine.dialect.name == "sqlite":
        # Batch migrations rebuild tables; with foreign keys on that would delete children.
        @event.listens_for(engine, "connect")
        def unguarded(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA foreign_keys=OFF")

        engine.dispose()
    try:
        with engine.connect() as connection:
            run(connection)
    finally:
        if engine.dialect.name == "sqlite":
            event.remove(engine, "connect", unguarded)
            engine.dispose()


main()
