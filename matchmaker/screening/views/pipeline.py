"""The pipeline as a board and as a table; putting a firm in, and passing several at once."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.access import current_account
from matchmaker.contacts.models import ContactRequest
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.views.blueprint import OK, UNPROCESSABLE, start_again
from matchmaker.screening import pipeline_words as words
from matchmaker.screening.access import own_desk
from matchmaker.screening.models import PipelineStage
from matchmaker.screening.pipeline_forms import PassForm
from matchmaker.screening.services import entries, passing
from matchmaker.screening.services import pipeline as keeping
from matchmaker.screening.services.entries import ON_BOARD, PAGE, Narrowed
from matchmaker.screening.services.stages import key_of, stages_of
from matchmaker.screening.views.blueprint import bp
from matchmaker.suggestions.services.match import is_live
from matchmaker.web import htmx
from matchmaker.web.access import signed_in
from matchmaker.web.filters import ngettext


@bp.get("/<public_id>/pipeline")
@signed_in
def pipeline(public_id: str) -> ResponseReturnValue:
    return _shown(own_desk(public_id), PassForm(formdata=None))


@bp.post("/<public_id>/pipeline")
@signed_in
def put_in(public_id: str) -> ResponseReturnValue:
    """One button on a match or a request; pressed twice, the firm is in once."""
    organisation = own_desk(public_id)
    offer, need = _pair(organisation)
    entry = keeping.put_in(db.session(), offer, need, current_account().id).entry
    url = url_for(".entry", public_id=public_id, entry_id=entry.public_id)
    db.session.commit()
    if htmx.wants_partial():
        stage = words.stage_name(db.session.get_one(PipelineStage, entry.stage_id))
        return render_template("screening/_put_in.html", url=url, need=need, stage=stage)
    flash(_("It is in your pipeline."), "success")
    return redirect(url, 303)


@bp.post("/<public_id>/pipeline/pass")
@signed_in
def pass_firms(public_id: str) -> ResponseReturnValue:
    """Pass those that are ticked, nobody outside is told; or open them side by side."""
    organisation = own_desk(public_id)
    form = PassForm()
    if "compare" in request.form and form.picked and not form.too_many:
        return _compare(organisation, form)
    if not form.validate() or not form.picked or form.too_many:
        return _shown(organisation, form, UNPROCESSABLE)
    by = current_account().id
    done = passing.pass_many(db.session(), organisation.id, by, form.picked, str(form.reason.data))
    db.session.commit()
    if done.count:
        said = ngettext("%(num)s firm passed.", "%(num)s firms passed.", done.count)
        flash(said, "success")
    if done.left:
        flash(
            ngettext(
                "%(num)s firm stays: a colleague changed it just now.",
                "%(num)s firms stay: a colleague changed them just now.",
                done.left,
            ),
            "info",
        )
    undo = done.row.public_id if done.row else None
    return redirect(url_for(".pipeline", public_id=public_id, view="table", passed=undo), 303)


@bp.post("/<public_id>/pipeline/pass/<pass_id>/undo")
@signed_in
def undo_pass(public_id: str, pass_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    row = passing.pass_of(db.session(), organisation.id, pass_id) or abort(404)
    try:
        back = passing.undo(db.session(), row, current_account().id)
    except WrongState:
        start_again()
        flash(_("It is too late to take this back. Move the firms one by one."), "error")
    else:
        db.session.commit()
        said = ngettext("%(num)s firm is back.", "%(num)s firms are back.", back)
        flash(said, "success")
    return redirect(url_for(".pipeline", public_id=public_id, view="table"), 303)


def _compare(organisation: Organisation, form: PassForm) -> ResponseReturnValue:
    """Side by side, those that stand here for the same offer as the newest that is ticked."""
    pairs = entries.pairs_of(db.session(), organisation.id, form.picked) or abort(404)
    offer = pairs[0][0]
    needs = [need for of, need in pairs if of == offer]
    url = url_for(".compare", public_id=organisation.public_id, offer=offer, need=needs)
    return redirect(url, 303)


def _pair(organisation: Organisation) -> tuple[Offer, Need]:
    """An own offer, and a need that one may see; else 404."""
    offer_id, need_id = (request.form.get(name, "")[:20] for name in ("offer", "need"))
    offer = db.session.scalar(select(Offer).where(Offer.public_id == offer_id))
    need = db.session.scalar(
        select(Need).where(Need.public_id == need_id).options(joinedload(Need.organisation))
    )
    if offer is None or need is None or offer.organisation_id != organisation.id:
        abort(404)
    fits = need.kind is offer.kind and need.organisation_id != organisation.id
    may_see = is_live(need) and organisation.is_published
    if not fits or not (may_see or _asked(organisation, need)):
        abort(404)
    return offer, need


def _asked(organisation: Organisation, need: Need) -> bool:
    """They know each other from a request, whatever became of the need."""
    query = select(ContactRequest.id).where(
        ContactRequest.need_id == need.id,
        ContactRequest.offer_organisation_id == organisation.id,
        ContactRequest.need_organisation_id == need.organisation_id,
    )
    return db.session.scalar(query.limit(1)) is not None


def _shown(organisation: Organisation, form: PassForm, status: int = OK) -> ResponseReturnValue:
    """The board, or the table where it is asked for and where ticks came from."""
    args = request.args
    as_table = args.get("view") == "table" or request.method == "POST"
    stages = stages_of(db.session(), organisation.id)
    wanted = next((one for one in stages if key_of(one) == args.get("stage")), None)
    mine = current_account().id if args.get("who") == "me" else None
    tag = args.get("tag", "")[:30]
    narrowed = Narrowed(wanted.id if wanted and as_table else None, mine, tag)
    facts: dict[str, Any] = {
        "organisation": organisation,
        "desk_tab": "pipeline",
        "stages": [(key_of(one), words.stage_name(one)) for one in stages],
        "as_table": as_table,
        "stage": key_of(wanted) if wanted else "",
        "who": "me" if mine else None,
        "tag": tag,
        "form": form,
        "nothing_ticked": form.is_submitted() and not form.picked,
        "most": passing.MOST,
    }
    make = _table if as_table else _board
    page = render_template("screening/pipeline.html", **facts, **make(organisation, narrowed))
    return page, status


def _table(organisation: Organisation, narrowed: Narrowed) -> dict[str, Any]:
    session, stages = db.session(), stages_of(db.session(), organisation.id)
    before = request.args.get("before", "")[:20]
    key = entries.entry_id_of(session, organisation.id, before) if before else None
    found = entries.table(session, organisation.id, narrowed, key)
    standings = entries.standings(session, organisation.id, found[:PAGE])
    passed = request.args.get("passed", "")[:20]
    row = passing.pass_of(session, organisation.id, passed) if passed else None
    return {
        "rows": words.rows_of(found[:PAGE], stages, standings, organisation.public_id),
        "older": found[PAGE - 1].public_id if len(found) > PAGE else None,
        "undo": passed if row and passing.may_undo(row) else words.undo_of(found[:PAGE]),
    }


def _board(organisation: Organisation, narrowed: Narrowed) -> dict[str, Any]:
    session, stages = db.session(), stages_of(db.session(), organisation.id)
    found = entries.board(session, organisation.id, stages, narrowed)
    shown = [one for some in found.values() for one in some[:ON_BOARD]]
    standings = entries.standings(session, organisation.id, shown)
    columns = []
    for stage in stages:
        some = found.get(stage.id, [])
        rows = words.rows_of(some[:ON_BOARD], stages, standings, organisation.public_id)
        columns.append((key_of(stage), words.stage_name(stage), rows, len(some) > ON_BOARD))
    return {"columns": columns, "any": bool(shown)}
