"""Evidence of one's own organisation: what is said, the files that show it, who opened them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.access import MEMBERS, Relation, own_organisation, relation_to, viewer
from matchmaker.organisations.evidence_files import cleaning, store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from matchmaker.organisations.evidence_files.sending import Ready
from matchmaker.organisations.forms.evidence import EvidenceFileForm
from matchmaker.organisations.models import OpenedAs, Organisation
from matchmaker.organisations.services import evidence as evidence_service
from matchmaker.organisations.services import evidence_file as files
from matchmaker.organisations.services.evidence_check import introducer_for
from matchmaker.organisations.services.evidence_opening import log_opening, openings
from matchmaker.organisations.views.blueprint import OK, UNPROCESSABLE, bp, start_again
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.access import signed_in

READERS = MEMBERS | {Relation.INTRODUCER}
#: Of the whole form: what is a little too large gets a sentence beside its field, no error page.
MOST_BODY = 24 * 1024 * 1024
MB = 1024 * 1024


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Here because the token is read, and with it the whole form, before any view begins."""
    if endpoint == "organisations.evidence":
        request.max_content_length = max(MOST_BODY, current_app.config["MAX_CONTENT_LENGTH"])


@bp.route("/organisations/<public_id>/evidence", methods=["GET", "POST"])
@signed_in
def evidence(public_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, READERS)
    asked_for = request.args.get("piece", "")
    form = EvidenceFileForm(data={"fact": asked_for if asked_for in EVIDENCE else None})
    if not form.validate_on_submit():
        return _page(organisation, form)
    # Nothing is held while the file is read: on SQLite there is one lock for all who write.
    db.session.commit()
    try:
        _take(organisation, form)
    except UnfitFileError as error:
        start_again()
        form.file.errors = [evidence_words.problem(error.problem)]
        return _page(organisation, form)
    flash(_("The file is kept. Nobody sees it until you share it with them."), "success")
    return redirect(url_for(".evidence", public_id=public_id), 303)


def _take(organisation: Organisation, form: EvidenceFileForm) -> None:
    """The file first, then the row that names it; without a row it goes again."""
    cleaned = cleaning.clean_all([one.stream for one in form.file.data])
    data = _data()
    try:
        name = store.put(data, cleaned.content)
    except OSError as error:
        raise UnfitFileError(Problem.NOT_KEPT) from error
    kept = files.Kept(name, cleaned.media_type, len(cleaned.content))
    try:
        files.keep_file(
            db.session(), organisation, current_account().id, form.fact.data or "", kept
        )
        db.session.commit()
    except BaseException:
        db.session.rollback()
        store.remove(data, name)
        raise


@bp.get("/organisations/<public_id>/evidence/<fact>/file")
@signed_in
def evidence_file(public_id: str, fact: str) -> ResponseReturnValue:
    """Its own people open it as they like; whoever checks it is written down first."""
    organisation = own_organisation(public_id)
    row = files.current(db.session(), organisation.id, fact) or abort(404)
    ready = Ready(row)
    if not _logged(organisation, ready):
        ready.close()
        abort(404)
    return ready.answer(download="download" in request.args)


def _logged(organisation: Organisation, ready: Ready) -> bool:
    account = current_account()
    relation = relation_to(db.session(), viewer(), organisation)
    if relation in MEMBERS:
        return True
    introducer = None
    if relation is Relation.INTRODUCER:
        introducer = introducer_for(db.session(), account, organisation)
    db.session.commit()
    return log_opening(
        db.engine,
        ready.row,
        account_id=account.id,
        opened_as=OpenedAs.INTRODUCER if introducer else OpenedAs.STAFF,
        viewer_organisation_id=introducer.id if introducer else None,
    )


@bp.post("/organisations/<public_id>/evidence/<fact>/remove")
@signed_in
def evidence_remove(public_id: str, fact: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, READERS)
    if fact not in EVIDENCE:
        abort(404)
    try:
        files.remove_file(db.session(), organisation, current_account().id, fact)
        db.session.commit()
        flash(_("The file is removed. Nobody can open it any more."), "success")
    except (WrongState, StaleVersion):
        db.session.rollback()
        flash(_("There is no such file any more."), "error")
    return redirect(url_for(".evidence", public_id=public_id), 303)


def _page(organisation: Organisation, form: EvidenceFileForm) -> Response | tuple[str, int]:
    session = db.session()
    pieces = evidence_service.pieces(session, [organisation.id])
    page = render_template(
        "organisations/evidence.html",
        organisation=organisation,
        form=form,
        pieces=pieces,
        words=evidence_words,
        used=sum(piece.file.size for piece in pieces if piece.file) / MB,
        room=files.QUOTA // MB,
        opened=[evidence_words.opened(one) for one in openings(session, organisation.id)],
        may_check=relation_to(session, viewer(), organisation) is Relation.INTRODUCER,
    )
    return page, UNPROCESSABLE if form.errors else OK


def _data() -> Path:
    return Path(current_app.config["DATA"])
