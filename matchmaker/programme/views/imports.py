"""What one import brought in, published together."""

from __future__ import annotations

from collections import Counter

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.programme import access
from matchmaker.programme.services import imports
from matchmaker.programme.services.imports import Sorted
from matchmaker.programme.views.blueprint import bp
from matchmaker.web.access import staff
from matchmaker.web.filters import ngettext


@bp.get("/programme/imports/<import_id>")
@staff("viewer")
def import_page(import_id: str) -> ResponseReturnValue:
    """How many can be published, and which are left and why: then the button."""
    found = _found(import_id)
    return render_template(
        "programme/import.html",
        import_id=import_id,
        ready=found.ready,
        left=found.left,
        reasons=Counter(str(why) for _row, why in found.left),
        listed=imports.LISTED,
        job=imports.under_way(db.session(), import_id),
    )


@bp.post("/programme/imports/<import_id>/publish")
@staff("officer")
def import_publish(import_id: str) -> ResponseReturnValue:
    session, by_id, found = db.session(), current_account().id, _found(import_id)
    to = redirect(url_for(".import_page", import_id=import_id), 303)
    if len(found.ready) > imports.AT_ONCE:
        try:
            imports.ask(session, import_id, by_id, len(found.ready))
        except WrongState:
            session.rollback()
        else:
            session.commit()
        return to
    done = imports.publish(session, found.ready, by_id)
    session.commit()
    flash(
        ngettext("%(num)s organisation was published.",
                 "%(num)s organisations were published.", done),
        "success" if done else "error",
    )  # fmt: skip
    return to


def _found(import_id: str) -> Sorted:
    """What waits of it in the reader's scope; 404 for an import that has nothing there."""
    session, scope = db.session(), access.own_scope()
    found = imports.sort_out(session, scope, import_id, current_account().id)
    if not (found.ready or found.left or imports.is_known(session, scope, import_id)):
        abort(404)
    return found
