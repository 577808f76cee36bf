"""A person's own notices, mail settings, and the way out of a kind of mail without signing in."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from matchmaker.extensions import csrf, db
from matchmaker.notifications import rendering, services, tokens
from matchmaker.notifications.kinds import KINDS
from matchmaker.notifications.models import MailReader
from matchmaker.web.access import public, signed_in
from matchmaker.web.htmx import redirect
from matchmaker.web.locale import locale_code

bp = Blueprint("notifications", __name__)

PAGE = 20


def register(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/notices")
@signed_in
def notices() -> ResponseReturnValue:
    before = request.args.get("before", "")
    last = services.own_notice(db.session(), current_user.id, before) if before else None
    rows = services.notices(db.session(), current_user.id, PAGE + 1, last.id if last else None)
    language = locale_code()
    items = [
        {
            "row": row,
            "sentence": rendering.sentence(row.kind, row.facts, language),
            "path": rendering.link(row.facts),
        }
        for row in rows[:PAGE]
    ]
    older = rows[PAGE - 1].public_id if len(rows) > PAGE else None
    return render_template("notifications/notices.html", items=items, older=older)


@bp.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    services.mark_read(db.session(), current_user.id)
    db.session.commit()
    return redirect(url_for("notifications.notices"))


@bp.post("/notices/<string:public_id>/read")
@signed_in
def read_one(public_id: str) -> ResponseReturnValue:
    notice = services.own_notice(db.session(), current_user.id, public_id)
    if notice is None:
        abort(404)
    services.mark_read(db.session(), current_user.id, notice.id)
    db.session.commit()
    return redirect(rendering.link(notice.facts) or url_for("notifications.notices"))


@bp.route("/notices/mails", methods=["GET", "POST"])
@signed_in
def mail_settings() -> ResponseReturnValue:
    kinds = [kind for kind in KINDS.values() if kind.optional]
    if request.method == "POST":
        wanted = set(request.form.getlist("kinds"))
        for kind in kinds:
            change = services.subscribe if kind.name in wanted else services.unsubscribe
            change(db.session(), current_user.id, kind.name)
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for("notifications.mail_settings"))
    off = services.switched_off(db.session(), current_user.id)
    return render_template("notifications/mail_settings.html", kinds=kinds, off=off)


@bp.get("/unsubscribe/<string:token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    reader, kind = _named(token)
    off = services.is_unsubscribed(db.session(), reader.account_id, kind)
    return render_template("notifications/unsubscribe.html", kind=KINDS[kind], token=token, off=off)


@bp.post("/unsubscribe/<string:token>")
@public
# The signed link is the proof: mail programs post to it without a session (RFC 8058).
@csrf.exempt
def unsubscribe_now(token: str) -> ResponseReturnValue:
    reader, kind = _named(token)
    again = request.form.get("again") == "y"
    change = services.subscribe if again else services.unsubscribe
    change(db.session(), reader.account_id, kind)
    db.session.commit()
    return redirect(url_for("notifications.unsubscribe", token=token))


def _named(token: str) -> tuple[MailReader, str]:
    found = tokens.read(token)
    reader = services.reader_by_public_id(db.session(), found[0]) if found else None
    if found is None or reader is None or not KINDS[found[1]].optional:
        abort(404)
    return reader, found[1]
