"""Contact requests: asking, answering, what is shared after a yes, and what came of it."""

from flask import Flask

from matchmaker.contacts import jobs, outcome_links, privacy, views, words
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.contacts.services import ending, keeping, leading
from matchmaker.organisations import clients

__all__ = ["ContactRequest", "RequestState", "register"]


def register(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["outcome_path"] = outcome_links.path
    jobs.register()
    privacy.register()
    keeping.register()
    leading.register()
    ending.register()
    if words.waiting_lines not in clients.lines:
        clients.lines.append(words.waiting_lines)
