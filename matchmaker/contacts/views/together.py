"""Firms that reach an offer's ticket together: proposed, and invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.contacts import access, group_words
from matchmaker.contacts.access import Pair
from matchmaker.contacts.group_forms import InviteForm, StartForm
from matchmaker.contacts.group_words import GroupView
from matchmaker.contacts.views.blueprint import bp
from matchmaker.contacts.views.looking import looking
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.language.words import guess_language
from matchmaker.organisations.models import Consortium, Need
from matchmaker.organisations.services import consortium, consortium_standing
from matchmaker.organisations.services.consortium_moves import InAGroupError
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.together import Together, together
from matchmaker.web.access import signed_in
from matchmaker.web.filters import ngettext
from matchmaker.web.htmx import redirect


@dataclass(frozen=True, slots=True)
class Found:
    pair: Pair
    #: Begun already for this need and offer, and still going on.
    group: Consortium | None
    together: Together
    views: Sequence[GroupView]
    #: Who can be ticked: proposed and not yet asked.
    needs: dict[str, Need]

    @property
    def choices(self) -> list[tuple[str, str]]:
        lines = [line for view in self.views for line in view.lines]
        return [(line.need_id, line.label) for line in lines if line.need_id in self.needs]

    @property
    def leads(self) -> bool:
        group = self.group
        return group is None or group.coordinator_id == self.pair.need.organisation_id


@bp.route("/matches/<string:need_id>/<string:offer_id>/together", methods=["GET", "POST"])
@signed_in
def together_page(need_id: str, offer_id: str) -> ResponseReturnValue:
    with looking():
        pair = access.pair(need_id, offer_id)
        if pair.actor.side is not Side.NEED:
            abort(404)
        found = _found(pair)
        form = _form(found)
        if not (found.leads and form.validate_on_submit()):
            return _page(found, form)
        chosen = [found.needs[one] for one in form.firms.data]
    try:
        group, asked = _invite(found, form, chosen)
    except InAGroupError:
        db.session.rollback()
        flash(_("Your need is in another group already. Leave that one first."), "error")
        return redirect(url_for("contacts.groups"))
    except WrongState:
        db.session.rollback()
        flash(_("That has changed in the meantime. Look at it again."), "error")
        return redirect(request.path)
    db.session.commit()
    flash(ngettext("%(num)s firm is invited.", "%(num)s firms are invited.", asked), "success")
    return redirect(url_for("contacts.group", public_id=group.organisation.public_id))


def _found(pair: Pair) -> Found:
    session = db.session()
    group = consortium_standing.going_on(session, pair.need.id, pair.offer.id)
    proposed = together(session, pair.need, pair.offer)
    asked = {firm.organisation_id for firm in group.firms} if group else set()
    needs = {
        need.public_id: need
        for proposal in proposed.proposals
        for _near, need in proposal.others
        if need.organisation_id not in asked
    }
    return Found(pair, group, proposed, group_words.group_views(proposed), needs)


def _form(found: Found) -> InviteForm:
    """The firms of one proposal are ticked at first: the best, or the one that was chosen."""
    chosen = request.args.get("group", "1")
    ticked = [
        one for view in found.views if str(view.number) == chosen
        for one in view.need_ids if one in found.needs
    ]  # fmt: skip
    if found.group is not None:
        return InviteForm(found.choices, data={"firms": ticked})
    need = found.pair.need
    return StartForm(found.choices, data={"firms": ticked, "title": need.title, "text": ""})


def _invite(found: Found, form: InviteForm, chosen: Sequence[Need]) -> tuple[Consortium, int]:
    session, by = db.session(), found.pair.actor.account_id or 0
    if not isinstance(form, StartForm) and found.group is not None:
        return found.group, consortium.invite(session, found.group, by, chosen)
    assert isinstance(form, StartForm)
    plan = consortium.Plan(
        name=form.name.data or "",
        title=form.title.data or "",
        text=form.text.data or "",
        lang=guess_language(form.text.data or form.title.data or ""),
        shows_name=bool(form.shows_name.data),
    )
    pair = found.pair
    return consortium.start(session, pair.need, pair.offer, by, plan, chosen), len(chosen)


def _page(found: Found, form: InviteForm) -> ResponseReturnValue:
    page = render_template(
        "contacts/together.html",
        need=found.pair.need,
        offer=found.pair.offer,
        group=found.group,
        views=found.views,
        ticket=group_words.band_words(found.together.ticket),
        own=group_words.band_words(found.together.own),
        applies=found.together.ticket is not None,
        form=form,
        may_invite=found.leads and bool(found.choices),
    )
    return page, 422 if form.is_submitted() else 200
