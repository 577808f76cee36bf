"""Pages that anybody may read."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from matchmaker import tasks
from matchmaker.accounts import limits
from matchmaker.accounts.access import current_account
from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.home import legal as words
from matchmaker.home import questions, services
from matchmaker.home import start as begin
from matchmaker.home.agenda import agenda_of, task_given
from matchmaker.home.forms import HelpForm
from matchmaker.home.words import lines_of
from matchmaker.suggestions import afterwards
from matchmaker.web import htmx
from matchmaker.web.access import public, signed_in, staff, staff_rank
from matchmaker.web.locale import locale_code

bp = Blueprint("home", __name__)

LEGAL = {"privacy": (Purpose.PRIVACY, words.PRIVACY), "terms": (Purpose.TERMS, words.TERMS)}
HELP = limits.Limit("help", "10 per day", "10 per day")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """A visitor reads what this is; who is signed in goes on with what comes next."""
    if current_user.is_authenticated:
        return redirect(url_for(begin.first_page()), code=303)
    return render_template(
        "home/index.html",
        figures=begin.figures(db.session()),
        stories=begin.told(db.session()),
    )


@bp.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """What to do next, in the order of worth; a newcomer reads three steps."""
    if staff_rank():
        return redirect(url_for(begin.first_page()), code=303)
    found = agenda_of(db.session(), current_account())
    if found.ahead is not None:
        afterwards.name_version(found.ahead.version)
        afterwards.count_new(found.ahead)
    return render_template("home/start.html", agenda=found, lines=lines_of(found))


@bp.post("/start/tasks/<public_id>/done")
@signed_in
def task_done(public_id: str) -> ResponseReturnValue:
    """An adviser at an introducer has seen to it."""
    account = current_account()
    task = task_given(db.session(), account, public_id) or abort(404)
    try:
        tasks.done(db.session(), task, account.id)
    except WrongState:
        db.session.rollback()
        flash(_("Somebody else has done it."), "error")
    else:
        db.session.commit()
        flash(_("Done."), "success")
    return redirect(url_for(".start"), 303)


@bp.route("/help", methods=["GET", "POST"])
@public
def help() -> ResponseReturnValue:
    form = HelpForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return htmx.render(
            "home/help.html",
            "home/_help_form.html",
            status=status,
            form=form,
            questions=questions.ANSWERED,
        )
    account_id = current_user.id if current_user.is_authenticated else None
    limits.spend(HELP, f"help:{account_id or limits.address()}")
    services.ask_for_help(db.session(), account_id=account_id, lang=locale_code(), **form.values())
    db.session.commit()
    flash(_("We have your message. Somebody of the programme answers you."), "success")
    return htmx.redirect(url_for("home.help"))


@bp.get("/help/messages/<public_id>")
@staff("officer")
def help_message(public_id: str) -> ResponseReturnValue:
    row = services.help_message(db.session(), public_id) or abort(404)
    return render_template("home/help_message.html", message=row)


@bp.get("/<any(privacy, terms):page>")
@public
def legal(page: str) -> ResponseReturnValue:
    purpose, texts = LEGAL[page]
    return render_template(
        f"home/{page}.html",
        version=date.fromisoformat(consents.VERSIONS[purpose]),
        sections=words.sections(texts),
    )
