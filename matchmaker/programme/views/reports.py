"""What was written in a conversation that somebody reported; each look is written down."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.programme import access
from matchmaker.programme.services import reports
from matchmaker.programme.views.blueprint import bp
from matchmaker.web.access import staff


@bp.post("/programme/requests/<public_id>/conversation")
@staff("officer")
def request_conversation(public_id: str) -> ResponseReturnValue:
    """A post, since it writes; there is nothing to look at without a report."""
    row = access.request(public_id).request
    found = reports.look(db.session(), row, current_account().id)
    if found is None:
        abort(404)
    told = reports.told(db.session(), row)
    db.session.commit()
    reported = {one.report.message_id for one in told}
    return render_template(
        "programme/conversation.html", row=row, messages=found, reported=reported
    )
