"""A success story, from the page of the request: given with a tick, taken back with a click."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access
from matchmaker.contacts.forms import StoryForm
from matchmaker.contacts.services import stories
from matchmaker.contacts.views.answer import done
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.request_page import show
from matchmaker.extensions import db
from matchmaker.language.words import guess_language
from matchmaker.web.access import signed_in


@bp.post("/requests/<string:public_id>/story")
@signed_in
def story(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)
    form = StoryForm(own.actor.side)
    if not form.validate():
        return show(own, 422, story_form=form)
    text = form.text.data or ""

    def step() -> None:
        stories.give(db.session(), own.request, own.actor, text, guess_language(text))

    return done(
        own, step, _("Thank you. It is shown when both of you agree to it and it was read.")
    )


@bp.post("/requests/<string:public_id>/story/take-back")
@signed_in
def story_take_back(public_id: str) -> ResponseReturnValue:
    own = access.own_request(public_id)

    def step() -> None:
        stories.take_back(db.session(), own.request, own.actor)

    return done(own, step, _("You took it back. Nobody sees the story any more."))
