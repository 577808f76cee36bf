"""What is to be done at the desk, by day: mine, or everybody's."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.forms.member import called
from matchmaker.organisations.views.blueprint import start_again
from matchmaker.screening import pipeline_words as words
from matchmaker.screening.access import own_desk
from matchmaker.screening.services import entries, entry_tasks
from matchmaker.screening.services.stages import stages_of
from matchmaker.screening.views.blueprint import bp
from matchmaker.web.access import signed_in

PAGE = 20


@bp.get("/<public_id>/tasks")
@signed_in
def desk_tasks(public_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    session, everybody = db.session(), request.args.get("who") == "all"
    after = request.args.get("after", "")[:20]
    found = entry_tasks.due(
        session,
        organisation.id,
        None if everybody else current_account().id,
        entry_tasks.task_of(session, organisation.id, after) if after else None,
        PAGE + 1,
    )
    shown = found[:PAGE]
    firms = list({task.entry.id: task.entry for task in shown}.values())
    stages = stages_of(session, organisation.id)
    standings = entries.standings(session, organisation.id, firms)
    rows = words.rows_of(firms, stages, standings, organisation.public_id)
    return render_template(
        "screening/desk_tasks.html",
        organisation=organisation,
        desk_tab="tasks",
        everybody=everybody,
        tasks=shown,
        rows={row.entry.id: row for row in rows},
        older=shown[-1].public_id if len(found) > PAGE else None,
        is_late=words.is_late,
        called=called,
    )


@bp.post("/<public_id>/tasks/<task_id>/done")
@signed_in
def desk_task_done(public_id: str, task_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    task = entry_tasks.task_of(db.session(), organisation.id, task_id) or abort(404)
    try:
        entry_tasks.finish(db.session(), task, current_account().id)
    except WrongState:
        start_again()
        flash(_("A colleague has done it already."), "info")
    else:
        db.session.commit()
        flash(_("Done."), "success")
    if request.form.get("back"):
        url = url_for(".entry", public_id=public_id, entry_id=task.entry.public_id)
        return redirect(url, 303)
    who = "all" if request.form.get("who") == "all" else None
    return redirect(url_for(".desk_tasks", public_id=public_id, who=who), 303)
