"""The operator's room: statistics from roll-ups, reviews, requests, tasks, staff, jobs."""

from flask import Flask

from matchmaker.programme import jobs, models, navigation, views

__all__ = ["models", "register"]


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["pages_beside"] = navigation.pages_beside
    jobs.register()
