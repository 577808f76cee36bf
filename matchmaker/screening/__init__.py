"""The desk of those who offer: their working lists, which nobody outside the organisation sees."""

from flask import Flask

from matchmaker.screening import access, jobs, privacy, views
from matchmaker.screening.services import leaving


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["has_desk"] = access.has_desk
    jobs.register()
    privacy.register()
    leaving.register()
