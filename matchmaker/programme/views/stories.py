"""Success stories on their way to the visitor's page: staff read them first."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.contacts import story_words
from matchmaker.contacts.models import Story
from matchmaker.contacts.services import stories
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.programme import access
from matchmaker.programme.views.blueprint import bp
from matchmaker.web.access import staff
from matchmaker.web.htmx import redirect


@bp.get("/programme/stories/<public_id>")
@staff("viewer")
def story(public_id: str) -> ResponseReturnValue:
    row = _story(public_id)
    return render_template(
        "programme/story.html",
        story=row,
        told=story_words.shown(row),
        waits=row.state.value == "in_review",
        request=row.contact_request,
    )


@bp.post("/programme/stories/<public_id>/<any(publish, send_back):answer>")
@staff("officer")
def story_review(public_id: str, answer: str) -> ResponseReturnValue:
    row = _story(public_id)
    version = request.form.get("version", "")
    try:
        read = int(version) if version.isdecimal() and len(version) < 10 else 0
        publish = answer == "publish"
        stories.review(db.session(), row, read, current_account().id, publish=publish)
    except WrongState:
        db.session.rollback()
        flash(_("The story has changed meanwhile. Please read it again."), "error")
        return redirect(url_for(".story", public_id=public_id))
    db.session.commit()
    flash(_("Done. Both sides have been told."), "success")
    return redirect(url_for(".tasks"))


def _story(public_id: str) -> Story:
    """A story belongs to the scope of the firm whose need it is about."""
    row = stories.find(db.session(), public_id)
    if row is None or not access.covers(row.contact_request.need_organisation):
        abort(404)
    return row
