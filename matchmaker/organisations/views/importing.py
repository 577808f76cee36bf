"""Taking organisations in from a file: sent, checked, and only then taken in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.access import current_account
from matchmaker.errors import NotAllowed, StaleVersion, WrongState
from matchmaker.extensions import db
from matchmaker.jobs import Job, JobState
from matchmaker.organisations.exporting import template
from matchmaker.organisations.forms.importing import (
    AgreedForm,
    PublishForm,
    TakeForm,
    UploadForm,
    upload_form,
)
from matchmaker.organisations.importing import import_jobs, running, uploads, wording
from matchmaker.organisations.importing.columns import COLUMNS
from matchmaker.organisations.importing.files import Sheet, read_file
from matchmaker.organisations.importing.importer import Way, ways_of
from matchmaker.organisations.importing.planning import changes_anything
from matchmaker.organisations.importing.problems import BadFileError, Problem
from matchmaker.organisations.importing.uploads import Upload
from matchmaker.organisations.views.blueprint import UNPROCESSABLE, bp
from matchmaker.web import htmx
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.route("/import", methods=["GET", "POST"])
@signed_in
def import_new() -> ResponseReturnValue:
    account = current_account()
    ways = ways_of(db.session(), account) or abort(404)
    form = upload_form([(way.key, way.name or _("The programme")) for way in ways])
    if not form.validate_on_submit():
        page = render_template("organisations/import.html", form=form)
        return page, UNPROCESSABLE if form.errors else 200
    # Nothing is held while the file is read: on SQLite there is one lock for all who write.
    db.session.commit()
    try:
        sheet = read_file(form.file.data.filename or "", form.file.data.read())
    except BadFileError as error:
        form.file.errors = [wording.file_words(error.code, error.facts)]
        return render_template("organisations/import.html", form=form), UNPROCESSABLE
    return _check(form, sheet, next(way for way in ways if way.key == form.way.data))


def _check(form: UploadForm, sheet: Sheet, way: Way) -> ResponseReturnValue:
    account_id = way.importer.account_id or 0
    upload = uploads.keep(
        _data(),
        account_id,
        sheet,
        name=Path(form.file.data.filename or "").name[:120],
        way=way.key,
        locale=locale_code(),
        state=running.CHECKING,
    )
    upload.claim()
    if len(sheet.lines) < running.JOB_ROWS:
        running.check_upload(db.engine, upload, way.importer, running.silent)
    else:
        import_jobs.ask(db.session(), upload, account_id, running.CHECKING, len(sheet.lines))
        db.session.commit()
    return redirect(url_for(".import_status", token=upload.token), 303)


@bp.get("/import/<token>")
@signed_in
def import_status(token: str) -> ResponseReturnValue:
    """How far it is, then the report and the button, then what came of it."""
    upload, way = _own(token)
    return _page(upload, way, _take_form(way))


@bp.post("/import/<token>/take-in")
@signed_in
def import_take_in(token: str) -> ResponseReturnValue:
    upload, way = _own(token)
    form = _take_form(way)
    if not form.validate_on_submit():
        return _page(upload, way, form, UNPROCESSABLE)
    about, to = upload.read("about"), redirect(url_for(".import_status", token=token), 303)
    try:
        if about["state"] != running.CHECKED:
            raise WrongState
        upload.claim()
    except WrongState:
        flash(_("It is being taken in already, or was taken in."), "error")
        return to
    upload.change(taking=_taking(form))
    if about["rows"] >= running.JOB_ROWS:
        import_jobs.ask(db.session(), upload, current_account().id, running.TAKING, about["rows"])
        db.session.commit()
        return to
    return _take_now(upload, way, to)


@bp.post("/import/<token>/discard")
@signed_in
def import_discard(token: str) -> ResponseReturnValue:
    upload, _way = _own(token)
    upload.delete()
    flash(_("The file is thrown away. Nothing was taken in from it."), "success")
    return redirect(url_for(".import_new"), 303)


@bp.get("/import/columns")
@signed_in
def import_columns() -> ResponseReturnValue:
    groups = [
        (heading, [one for one in COLUMNS if one.about == about])
        for about, heading in (
            ("organisation", _("The organisation")),
            ("need", _("What it looks for")),
            ("offer", _("What it offers")),
        )
    ]
    return render_template(
        "organisations/import_columns.html", groups=groups, values=template.values
    )


@bp.get("/import/template.<any(csv, xlsx):ending>")
@signed_in
def import_template(ending: str) -> Response:
    made = template.to_csv() if ending == "csv" else template.to_xlsx()
    name = f"organisations-template.{ending}"
    return send_file(io.BytesIO(made), TYPES[ending], as_attachment=True, download_name=name)


def _take_now(upload: Upload, way: Way, to: ResponseReturnValue) -> ResponseReturnValue:
    # As above: the cells are read before the transaction that writes begins.
    db.session.commit()
    try:
        running.take_upload(db.session(), upload, way.importer, running.silent)
        db.session.commit()
    except running.NotCleanError:
        db.session.rollback()
        flash(_("Nothing was taken in: something has changed since the report. Look again."),
              "error")  # fmt: skip
    except (IntegrityError, StaleVersion):
        db.session.rollback()
        upload.release()
        flash(_("Somebody else saved at the same moment. Nothing was taken in; try again."),
              "error")  # fmt: skip
    except Exception:
        # Whatever it was, the file can be tried again.
        upload.release()
        raise
    return to


def _page(upload: Upload, way: Way, form: Any, status: int = 200) -> Response:
    about, report = upload.read("about"), upload.read("report")
    busy = about["state"] in (running.CHECKING, running.TAKING)
    job = db.session.get(Job, about["job"]) if busy and "job" in about else None
    problems = [Problem(**problem) for problem in report.get("problems", ())]
    return htmx.render(
        "organisations/import_status.html",
        "organisations/_import_status.html",
        status,
        upload=upload,
        about=about,
        busy=busy,
        failed=busy and job is not None and job.state is JobState.FAILED,
        progress_now=upload.read("progress") if busy else {},
        report=report,
        problems=[(one, wording.words(one)) for one in problems],
        changes=bool(report) and changes_anything(report["counts"]),
        form=form,
    )


def _own(token: str) -> tuple[Upload, Way]:
    """What this account sent, while it may still import in that way; else 404."""
    account = current_account()
    upload = uploads.find(_data(), token, account.id) or abort(404)
    try:
        return upload, running.way_for(db.session(), account, upload.read("about")["way"])
    except NotAllowed:
        abort(404)


def _take_form(way: Way) -> TakeForm:
    if way.importer.introducer_id is not None:
        return AgreedForm()
    return PublishForm() if way.importer.may_publish else TakeForm()


def _taking(form: TakeForm) -> dict[str, Any]:
    found = form.values()
    return {
        "publish": bool(found.get("publish")),
        "publish_first": bool(current_app.config["PUBLISH_FIRST"]),
        "consent_how": found.get("consent_how") or "",
        "to_unicode": bool(found["to_unicode"]),
    }


def _data() -> Path:
    return Path(current_app.config["DATA"])
