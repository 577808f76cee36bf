"""The visitor's page, each role's first page, and the pages about the programme."""

from flask import Flask

from matchmaker.home import navigation, services, views


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.context_processor(navigation.context)
    services.register_privacy()
