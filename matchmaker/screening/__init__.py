"""The desk of those who offer: their working lists, which nobody outside the organisation sees."""

from flask import Flask

from matchmaker.screening import jobs, privacy, views


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    jobs.register()
    privacy.register()
