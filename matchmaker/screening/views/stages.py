"""Naming, ordering, adding and removing the stages of one's pipeline."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.views.blueprint import CONFLICT, OK, UNPROCESSABLE, start_again
from matchmaker.screening.access import own_desk
from matchmaker.screening.errors import StageNeededError, StageNotEmptyError, TooManyStagesError
from matchmaker.screening.models import MOST_STAGES, StageCode
from matchmaker.screening.pipeline_forms import StageNames
from matchmaker.screening.pipeline_words import stage_name
from matchmaker.screening.services import stages as keeping
from matchmaker.screening.services.stages import key_of, stages_of
from matchmaker.screening.views.blueprint import bp
from matchmaker.web.access import signed_in


@bp.get("/<public_id>/stages")
@signed_in
def stages(public_id: str) -> ResponseReturnValue:
    return _page(own_desk(public_id))


@bp.post("/<public_id>/stages")
@signed_in
def stages_step(public_id: str) -> ResponseReturnValue:
    """`do` is empty for saving all words, else "left:", "right:" or "remove:" and a stage."""
    organisation = own_desk(public_id)
    typed = StageNames(stages_of(db.session(), organisation.id))
    if typed.errors:
        return _page(organisation, typed, status=UNPROCESSABLE)
    try:
        _do(organisation, typed)
    except StageNotEmptyError:
        problem = _("Firms stand in this stage. Move them first.")
    except StageNeededError:
        problem = _("This stage is needed. You can give it another name.")
    except TooManyStagesError:
        problem = _("There are as many stages as one may have. Remove one first.")
    else:
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for(".stages", public_id=public_id), 303)
    start_again()
    return _page(own_desk(public_id), typed, problem, CONFLICT)


def _do(organisation: Organisation, typed: StageNames) -> None:
    """The words are kept with every button: what was typed is never lost."""
    session, by = db.session(), current_account().id
    step, _colon, key = request.form.get("do", "")[:40].partition(":")
    keeping.rename(session, organisation, by, typed.names, typed.added)
    if step in ("left", "right"):
        keeping.shift(session, organisation, by, key, -1 if step == "left" else 1)
    elif step == "remove":
        keeping.remove(session, organisation, by, key)


def _page(
    organisation: Organisation,
    typed: StageNames | None = None,
    problem: str = "",
    status: int = OK,
) -> ResponseReturnValue:
    found = stages_of(db.session(), organisation.id)
    lines = [
        {
            "key": key_of(one),
            "label": stage_name(one),
            "name": typed.typed.get(key_of(one), stage_name(one)) if typed else stage_name(one),
            "error": typed.errors.get(f"name-{key_of(one)}", "") if typed else "",
            "may_go": one.code is not StageCode.PASSED,
        }
        for one in found
    ]
    page = render_template(
        "screening/stages.html",
        organisation=organisation,
        desk_tab="pipeline",
        lines=lines,
        added=typed.added if typed else "",
        added_error=typed.errors.get("added", "") if typed else "",
        may_add=len(found) < MOST_STAGES,
        most=MOST_STAGES,
        problem=problem,
    )
    return page, status
