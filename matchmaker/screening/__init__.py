"""The desk of those who offer: their working lists, which nobody outside the organisation sees."""

from flask import Flask

from matchmaker.contacts.access import beside
from matchmaker.screening import access, jobs, pipeline_words, privacy, views
from matchmaker.screening.services import leaving, staged
from matchmaker.suggestions.services import listed


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["has_desk"] = access.has_desk
    app.jinja_env.globals["stage_of"] = pipeline_words.stage_of
    app.jinja_env.globals["stage_beside"] = pipeline_words.stage_beside
    if not beside:
        beside.extend(staged.of_request())
    if not listed.beside:
        listed.beside.append(staged.of_need)
    jobs.register()
    privacy.register()
    leaving.register()
