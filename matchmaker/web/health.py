"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.extensions import db
from matchmaker.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/livez")
@public
def livez() -> ResponseReturnValue:
    """The process answers; the database is not asked."""
    return {"status": "live"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers and stands at the newest migration."""
    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return {"status": "database away"}, 503
    if found != _heads():
        return {"status": "migrations missing"}, 503
    return {"status": "ready"}


def _heads() -> set[str]:
    folder = current_app.extensions["migrate"].directory
    settings = Config()
    settings.set_main_option("script_location", str(Path(folder)))
    return set(ScriptDirectory.from_config(settings).get_heads())


def register(app: Flask) -> None:
    app.register_blueprint(bp)
