"""What staff should do next."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import tasks as desk_tasks
from matchmaker.accounts.access import current_account
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.programme import access, words
from matchmaker.programme.services import desk
from matchmaker.programme.services.desk import Item, Whose
from matchmaker.programme.views.blueprint import bp
from matchmaker.web import htmx
from matchmaker.web.access import staff


@bp.get("/programme/tasks")
@staff("viewer")
def tasks() -> Response:
    asked = request.args.get("whose", "")
    whose = Whose(asked) if asked in list(Whose) else Whose.ALL
    rows = desk.waiting(db.session(), access.own_scope(), whose, current_account().id)
    return htmx.render(
        "programme/tasks.html",
        "programme/_task_list.html",
        rows=rows,
        whose=whose,
        word=words.task_word,
        url=_url,
    )


@bp.post("/programme/tasks/<public_id>/take")
@staff("officer")
def task_take(public_id: str) -> ResponseReturnValue:
    account = current_account()
    item = access.task(public_id)
    seen, holder = request.form.get("with", ""), item.assigned_to
    if holder is not None and holder.id != account.id and holder.public_id != seen:
        return _overtaken()
    return _step(lambda: desk.give(db.session(), item.task, account, account.id), _("It is yours."))


@bp.post("/programme/tasks/<public_id>/leave")
@staff("officer")
def task_leave(public_id: str) -> ResponseReturnValue:
    item, by = access.task(public_id), current_account().id
    if item.task.assigned_to_id != by:
        return _overtaken()
    return _step(
        lambda: desk_tasks.assign(db.session(), item.task, None, by), _("It is nobody's again.")
    )


@bp.post("/programme/tasks/<public_id>/done")
@staff("officer")
def task_done(public_id: str) -> ResponseReturnValue:
    item = access.task(public_id)
    account_id = current_account().id
    return _step(lambda: desk_tasks.done(db.session(), item.task, account_id), _("Done."))


def _step(step: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        step()
    except WrongState:
        return _overtaken()
    db.session.commit()
    flash(said, "success")
    return htmx.redirect(url_for(".tasks"))


def _overtaken() -> ResponseReturnValue:
    db.session.rollback()
    flash(_("Somebody else changed this just now. Look again."), "error")
    return htmx.redirect(url_for(".tasks"))


def _url(item: Item) -> str:
    """The page of what the task is about; empty where there is none."""
    if not item.subject_public_id:
        return ""
    if item.task.subject == "help_message":
        return url_for("home.help_message", public_id=item.subject_public_id)
    if item.task.subject == "story":
        return url_for(".story", public_id=item.subject_public_id)
    if item.task.subject == "contact_request":
        return url_for(".request_page", public_id=item.subject_public_id)
    if item.task.subject == "organisation":
        return url_for(".review_page", public_id=item.subject_public_id)
    if item.organisation is not None:
        return url_for(".review_page", public_id=item.organisation.public_id)
    return ""
