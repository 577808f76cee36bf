"""Who works for the programme: roles and scopes, looked after by administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account, scope_of
from matchmaker.accounts.models import Account
from matchmaker.errors import NotAllowed
from matchmaker.extensions import db
from matchmaker.programme import access, words
from matchmaker.programme.forms.staff import AppointForm, PostForm, role_choices
from matchmaker.programme.services import staffing
from matchmaker.programme.services.staffing import OwnRoleError, Post
from matchmaker.programme.services.statistics import reading
from matchmaker.programme.views.blueprint import bp
from matchmaker.vocabulary import places
from matchmaker.web.access import staff


@bp.get("/programme/staff")
@staff("admin")
def staff_list() -> ResponseReturnValue:
    rows = staffing.staff_accounts(db.session(), current_account())
    introducers = reading.introducers(db.session(), scope_of(current_account()))
    return render_template(
        "programme/staff.html",
        rows=[(row, _scope_words(row, introducers)) for row in rows],
        roles=dict(role_choices()),
        me=current_account().id,
    )


@bp.route("/programme/staff/new", methods=["GET", "POST"])
@staff("admin")
def staff_new() -> ResponseReturnValue:
    form = AppointForm(*_choices())
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("programme/staff_new.html", form=form), status
    try:
        made = staffing.appoint(
            db.session(), current_account(), form.parsed, form.name.data, form.post()
        )
    except (NotAllowed, OwnRoleError) as error:
        return _refused(error)
    db.session.commit()
    if made.code is None:
        flash(_("Done. They sign in as before."), "success")
        return redirect(url_for(".staff_list"), 303)
    return render_template("programme/staff_code.html", account=made.account, code=made.code)


@bp.route("/programme/staff/<public_id>", methods=["GET", "POST"])
@staff("admin")
def staff_page(public_id: str) -> ResponseReturnValue:
    account = access.staff_account(public_id)
    form = PostForm(*_choices(), data=_present(account))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        mine = account.id == current_account().id
        page = render_template("programme/staff_page.html", form=form, account=account, mine=mine)
        return page, status
    return _change(lambda: staffing.change(db.session(), current_account(), account, form.post()))


@bp.post("/programme/staff/<public_id>/end")
@staff("admin")
def staff_end(public_id: str) -> ResponseReturnValue:
    """Their role ends; the account stays."""
    account = access.staff_account(public_id)
    return _change(lambda: staffing.change(db.session(), current_account(), account, Post(None)))


@bp.post("/programme/staff/<public_id>/stop")
@staff("admin")
def staff_stop(public_id: str) -> ResponseReturnValue:
    account = access.staff_account(public_id)
    return _change(lambda: staffing.stop(db.session(), current_account(), account))


@bp.post("/programme/staff/<public_id>/resume")
@staff("admin")
def staff_resume(public_id: str) -> ResponseReturnValue:
    account = access.staff_account(public_id)
    return _change(lambda: staffing.resume(db.session(), current_account(), account))


def _change(step: Callable[[], None]) -> ResponseReturnValue:
    try:
        step()
    except (NotAllowed, OwnRoleError) as error:
        return _refused(error)
    db.session.commit()
    flash(_("Done. Their open sessions have ended."), "success")
    return redirect(url_for(".staff_list"), 303)


def _refused(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(error, OwnRoleError):
        flash(_("Nobody changes their own role. Ask another administrator."), "error")
    else:
        flash(_("That reaches further than your own scope."), "error")
    return redirect(url_for(".staff_list"), 303)


def _choices() -> tuple[list[str], list[tuple[str, str]]]:
    scope = scope_of(current_account())
    provinces = sorted(scope.provinces) or [
        code for country in places.COUNTRIES.codes() for code in places.provinces_of(country)
    ]
    found = reading.introducers(db.session(), scope)
    return provinces, [(str(key), row.name) for key, row in found.items()]


def _present(account: Account) -> dict[str, Any]:
    values = [str(value) for value in account.scope_values]
    return {
        "role": account.staff_role,
        "scope": account.scope,
        "provinces": values if account.scope == "province" else [],
        "introducers": values if account.scope == "members" else [],
    }


def _scope_words(account: Account, introducers: Any) -> str:
    names = {str(key): row.name for key, row in introducers.items()}
    return words.scope_words(account.scope, [str(one) for one in account.scope_values], names)
