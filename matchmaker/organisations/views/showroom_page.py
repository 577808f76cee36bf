"""A showroom as everybody sees it while it is open: one page, and its photos."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, make_response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.organisations.access import member_ids, relation_to, viewer
from matchmaker.organisations.evidence_files import photos, store
from matchmaker.organisations.evidence_files.sending import POLICY
from matchmaker.organisations.models import Showroom
from matchmaker.organisations.services import showroom as showrooms
from matchmaker.organisations.views.blueprint import bp
from matchmaker.organisations.views.product import EDITORS
from matchmaker.organisations.views.showroom import shown_page
from matchmaker.web.access import public

DAY = 24 * 3600
#: A name is never given to another picture; but who closes a showroom wants its photos gone soon,
#: also where others keep copies.
FOR_ALL = f"public, max-age={DAY}, immutable"
FOR_MEMBERS = "private, no-store"
NOINDEX = "noindex, noimageindex"


@bp.get("/s/<code>")
@public
def showroom_page(code: str) -> ResponseReturnValue:
    """Closed, suspended, unpublished and never there all answer alike."""
    found = showrooms.public(db.session(), code) or abort(404)
    context = shown_page(found.organisation, found) | {"ask": _ask_url(found)}
    response = make_response(render_template("organisations/showroom_page.html", **context))
    if not found.searchable:
        response.headers["X-Robots-Tag"] = NOINDEX
    return response


@bp.get("/s/<code>/<photo>")
@public
def showroom_photo(code: str, photo: str) -> ResponseReturnValue:
    """To everybody while the showroom is open, to those who edit it at any time."""
    session = db.session()
    found = showrooms.photo(session, code, photo) or abort(404)
    open_now = found.is_public
    if not open_now and relation_to(session, viewer(), found.organisation) not in EDITORS:
        abort(404)
    response = _picture(photo)
    response.headers["Cache-Control"] = FOR_ALL if open_now else FOR_MEMBERS
    if not (open_now and found.searchable):
        response.headers["X-Robots-Tag"] = NOINDEX
    return response


def _picture(name: str) -> Response:
    path = store.path_of(Path(current_app.config["DATA"]), name, store.PHOTOS)
    try:
        response = send_file(path, photos.MEDIA_TYPE, conditional=False, etag=False)
    except FileNotFoundError:
        abort(404)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _ask_url(found: Showroom) -> str | None:
    """For whoever offers what this firm looks for; the page of the request has its own rules."""
    reader = viewer()
    if reader is None:
        return None
    pair = showrooms.pair_to_ask(db.session(), found, sorted(member_ids(db.session(), reader)))
    if pair is None:
        return None
    return url_for("contacts.ask", need_id=pair[0], offer_id=pair[1])
