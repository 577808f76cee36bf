"""The desk where staff find a person, make an account and print a one-time code."""

from __future__ import annotations

from flask import abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.accounts.forms import FindPersonForm, NewAccountForm
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import desk
from matchmaker.accounts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.web import htmx
from matchmaker.web.access import staff
from matchmaker.web.locale import locale_code


@bp.route("/people", methods=["GET", "POST"])
@staff("officer")
def people() -> ResponseReturnValue:
    form = FindPersonForm()
    if form.validate_on_submit():
        found = desk.person_by_identity(db.session(), current_account(), form.identity.parsed)
        if found is not None:
            return htmx.redirect(url_for("accounts.person", public_id=found.public_id))
        form.identity.errors = [_("Nobody that you may help signs in with this.")]
    html = render_template("accounts/people.html", form=form)
    return make_response(html, 422 if form.errors else 200)


@bp.route("/people/new", methods=["GET", "POST"])
@staff("officer")
def person_new() -> ResponseReturnValue:
    form = NewAccountForm()
    if form.validate_on_submit():
        made = desk.make_person(
            db.session(),
            current_account(),
            form.identity.parsed,
            name=form.name.data,
            language=locale_code(),
        )
        if made is not None:
            return _sheet(made, desk.first_code(db.session(), current_account(), made))
        form.identity.errors = [_("Somebody signs in with this already.")]
    html = render_template("accounts/person_new.html", form=form)
    return make_response(html, 422 if form.errors else 200)


@bp.get("/people/<string:public_id>")
@staff("officer")
def person(public_id: str) -> ResponseReturnValue:
    found = desk.person(db.session(), current_account(), public_id) or abort(404)
    return render_template("accounts/person.html", person=found)


@bp.post("/people/<string:public_id>/code")
@staff("officer")
def person_code(public_id: str) -> ResponseReturnValue:
    found = desk.person(db.session(), current_account(), public_id) or abort(404)
    if not found.active:
        abort(409)
    return _sheet(found, desk.print_code(db.session(), current_account(), found))


def _sheet(person: Account, code: str) -> ResponseReturnValue:
    db.session.commit()
    return render_template(
        "accounts/sheet.html",
        person=person,
        code=code,
    )
