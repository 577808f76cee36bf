"""The model: which version is in force, what changed when, who gained, what points were worth."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import audit, jobs
from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.models import Kind
from matchmaker.programme import access, model_words
from matchmaker.programme.curves import curve
from matchmaker.programme.forms.model import PublishForm
from matchmaker.programme.parity_words import parity_tables
from matchmaker.programme.services import model_history
from matchmaker.programme.tables import Table
from matchmaker.programme.views.blueprint import bp
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import ModelState
from matchmaker.suggestions.services.parity import PARITY
from matchmaker.suggestions.services.verdicts import LEARNED
from matchmaker.web import htmx
from matchmaker.web.access import staff


@bp.get("/programme/model")
@staff("viewer")
def model() -> ResponseReturnValue:
    _whole_programme()
    return _page()


@bp.post("/programme/model/publish")
@staff("admin")
def model_publish() -> ResponseReturnValue:
    """Put a draft in force, or go back to an earlier version."""
    _whole_programme()
    form = PublishForm()
    if not form.validate_on_submit():
        return _page(422)
    row = model_history.find(db.session(), form.number.data or 0) or abort(404)
    try:
        model_history.publish(
            db.session(), row, form.in_force.data or 0, by_id=current_account().id
        )
    except WrongState:
        db.session.rollback()
        flash(_("Another version is in force by now, or this one can no longer be."), "error")
    else:
        db.session.commit()
        flash(_("It is in force. Lists follow within a minute."), "success")
    return htmx.redirect(url_for(".model"))


@bp.post("/programme/model/learn")
@staff("admin")
def model_learn() -> ResponseReturnValue:
    """Learn now, not only once a week; what is no better stays a draft."""
    _whole_programme()
    by_id = current_account().id
    job = jobs.enqueue(db.session(), versions.LEARN, key=versions.LEARN, account_id=by_id)
    if job is not None:
        audit.record(
            db.session(), "model.learn", account_id=by_id, subject="job", subject_id=job.id
        )
    db.session.commit()
    flash(_("A job learns from the answers so far. It takes a few minutes."), "success")
    return htmx.redirect(url_for(".model"))


def _whole_programme() -> None:
    """One model serves everybody: a part of the programme is not shown its figures."""
    if not access.own_scope().everything:
        abort(404)


def _page(status: int = 200) -> ResponseReturnValue:
    session = db.session()
    entries = model_history.history(session)
    page = render_template(
        "programme/model.html",
        entries=entries,
        in_force=versions.number_in_force(session),
        words=model_words,
        **_learned(entries),
        **_moved(),
        **_worth(),
        parity=_parity(entries),
    )
    return Response(page, status)


def _learned(entries: list[model_history.Entry]) -> dict[str, Any]:
    last = next((entry for entry in entries if LEARNED in entry.row.figures), None)
    return {
        "compared": model_words.compared(last),
        "figures": model_words.figures_table(last) if last else None,
        "weights": model_words.weights_table(last) if last else None,
    }


def _parity(entries: list[model_history.Entry]) -> list[Table]:
    """What the daily job found under the version in force."""
    in_force = (one.row for one in entries if one.row.state is ModelState.PUBLISHED)
    row = next(in_force, None)
    return parity_tables(row.figures.get(PARITY, [])) if row else []


def _moved() -> dict[str, Any]:
    pair, moves = model_history.moves(db.session())
    if pair is None:
        return {"pair": None, "moved": []}
    tables = [model_words.moves_table(name, found, pair) for name, found in moves.items()]
    return {"pair": pair, "moved": tables}


def _worth() -> dict[str, Any]:
    """Bands and curve for each kind that anybody asked for."""
    bins = model_history.bins(db.session())
    by_kind = {kind: [row for row in bins if row.kind == kind.value] for kind in Kind}
    asked = {kind: rows for kind, rows in by_kind.items() if rows}
    return {
        "bands": [model_words.bands_table(kind, rows) for kind, rows in asked.items()],
        "curves": [curve(kind, rows) for kind, rows in asked.items()],
    }
