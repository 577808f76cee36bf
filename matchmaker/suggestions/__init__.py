"""Matches: the index kept in step, the pages of matches, model versions, feedback, shown."""

from pathlib import Path

from flask import Flask

from matchmaker.matching import topics
from matchmaker.suggestions import jobs, privacy
from matchmaker.suggestions.cli import group
from matchmaker.suggestions.set_views import bp

__all__ = ["jobs", "register"]


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(group)
    privacy.register()
    topics.keep_in(Path(app.config["DATA"]) / "index")
