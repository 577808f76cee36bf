"""One firm in the pipeline: where it stands, notes, tags, who sees to it, what is to be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.accounts.models import Account
from matchmaker.errors import StaleVersion
from matchmaker.extensions import db
from matchmaker.organisations.forms.member import called
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.views.blueprint import CONFLICT, OK, UNPROCESSABLE, start_again
from matchmaker.screening import pipeline_words as words
from matchmaker.screening.access import own_desk
from matchmaker.screening.errors import StageGoneError
from matchmaker.screening.models import EntryEvent, PipelineEntry, PipelineStage
from matchmaker.screening.pipeline_forms import (
    KeepForm,
    MoveForm,
    NoteForm,
    TaskForm,
    chosen,
    kept_values,
)
from matchmaker.screening.services import entries, entry_tasks
from matchmaker.screening.services import pipeline as keeping
from matchmaker.screening.services.entries import HISTORY
from matchmaker.screening.services.stages import key_of, stages_of
from matchmaker.screening.views.blueprint import bp
from matchmaker.web.access import signed_in


@dataclass
class Open:
    """An entry with what its forms choose from."""

    organisation: Organisation
    entry: PipelineEntry
    stages: list[PipelineStage]
    people: list[Account]
    #: Forms that came back, and what is to be said about them.
    forms: dict[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> PipelineStage:
        return next(one for one in self.stages if one.id == self.entry.stage_id)


@bp.get("/<public_id>/pipeline/<entry_id>")
@signed_in
def entry(public_id: str, entry_id: str) -> ResponseReturnValue:
    return _page(_open(public_id, entry_id))


@bp.post("/<public_id>/pipeline/<entry_id>/<any(move, note, keep, task):step>")
@signed_in
def entry_step(public_id: str, entry_id: str, step: str) -> ResponseReturnValue:
    """Move it, write a note, say who sees to it, add a task."""
    return STEPS[step](_open(public_id, entry_id))


def _move(at: Open) -> ResponseReturnValue:
    form = MoveForm(at.stages)
    if not form.validate():
        return _back_with(at, move_form=form)
    to = next(one for one in at.stages if key_of(one) == form.stage.data)
    came_from = key_of(at.stage)
    try:
        keeping.move(
            db.session(), at.entry, to, form.version.data, current_account().id, form.why.data or ""
        )
    except (StaleVersion, StageGoneError):
        return _overtaken(at, move_form=form, wanted=words.stage_name(to))
    said = _("Moved to: %(stage)s", stage=words.stage_name(to))
    return _done(at, said, came_from)


def _note(at: Open) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate():
        return _back_with(at, note_form=form)
    keeping.note(db.session(), at.entry, current_account().id, str(form.note.data))
    return _done(at, _("The note is kept. Only your organisation reads it."))


def _keep(at: Open) -> ResponseReturnValue:
    form = KeepForm(at.people, data=kept_values(at.entry))
    if not form.validate():
        return _back_with(at, keep_form=form)
    assignee = chosen(form.assignee.data, at.people)
    by = current_account().id
    try:
        keeping.keep(db.session(), at.entry, form.version.data, by, assignee, form.tag_list)
    except StaleVersion:
        return _overtaken(at, keep_form=form)
    return _done(at, _("Saved."))


def _task(at: Open) -> ResponseReturnValue:
    form = TaskForm(at.people)
    if not form.validate():
        return _back_with(at, task_form=form)
    try:
        entry_tasks.add(db.session(), at.entry, current_account().id, form.todo(at.people))
    except StaleVersion:
        return _overtaken(at, task_form=form)
    return _done(at, _("The task is kept."))


STEPS = {"move": _move, "note": _note, "keep": _keep, "task": _task}


def _open(public_id: str, entry_id: str) -> Open:
    organisation = own_desk(public_id)
    session = db.session()
    found = entries.entry_of(session, organisation.id, entry_id) or abort(404)
    people = entries.colleagues(session, organisation.id)
    return Open(organisation, found, stages_of(session, organisation.id), people)


def _done(at: Open, said: str, came_from: str = "") -> ResponseReturnValue:
    """Back to where the button stood."""
    public_id, entry_id = at.organisation.public_id, at.entry.public_id
    db.session.commit()
    flash(said, "success")
    back = request.form.get("back")
    if back in ("board", "table"):
        view = "table" if back == "table" else None
        stage = None if view else came_from
        url = url_for(".pipeline", public_id=public_id, view=view, stage=stage)
    else:
        url = url_for(".entry", public_id=public_id, entry_id=entry_id)
    return redirect(url, 303)


def _back_with(at: Open, **forms: Any) -> ResponseReturnValue:
    at.forms = forms
    return _page(at, UNPROCESSABLE)


def _overtaken(at: Open, **forms: Any) -> ResponseReturnValue:
    """A colleague was first: what is so now, beside what was chosen and typed, which stays."""
    public_id, entry_id = at.organisation.public_id, at.entry.public_id
    start_again()
    again = _open(public_id, entry_id)
    for form in forms.values():
        if hasattr(form, "version"):
            form.version.show(again.entry.version)
    again.forms = forms | {"stale": True}
    return _page(again, CONFLICT)


def _page(at: Open, status: int = OK) -> ResponseReturnValue:
    session, row = db.session(), at.entry
    standings = entries.standings(session, at.organisation.id, [row])
    events = entries.history(session, row, _before(row))
    facts: dict[str, Any] = {
        "organisation": at.organisation,
        "desk_tab": "pipeline",
        "row": words.row_of(row, at.stage, standings.get(row.need_id), at.organisation.public_id),
        "history": words.timeline(events[:HISTORY]),
        "older": events[HISTORY - 1].public_id if len(events) > HISTORY else None,
        "tasks": entry_tasks.tasks_of(session, row),
        "is_late": words.is_late,
        "called": called,
        "stale": False,
        "wanted": "",
        "move_form": MoveForm(
            at.stages, formdata=None, data={"stage": key_of(at.stage), "version": row.version}
        ),
        "note_form": NoteForm(formdata=None),
        "keep_form": KeepForm(at.people, formdata=None, data=kept_values(row)),
        "task_form": TaskForm(at.people, formdata=None),
    }
    return render_template("screening/entry.html", **(facts | at.forms)), status


def _before(row: PipelineEntry) -> int | None:
    """The line after which the history goes on; only of this very entry."""
    public_id = request.args.get("before", "")[:20]
    query = select(EntryEvent.id).where(
        EntryEvent.public_id == public_id, EntryEvent.entry_id == row.id
    )
    return db.session.scalar(query) if public_id else None
