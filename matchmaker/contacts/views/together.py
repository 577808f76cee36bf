"""Firms that reach an offer's ticket together: proposed, and invited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from matchmaker.matching.consortia import reaches
from matchmaker.organisations.models import Consortium, FirmState, Need
from matchmaker.organisations.services import consortium, consortium_standing
from matchmaker.organisations.services.acting import acting_for
from matchmaker.organisations.services.consortium_limits import InvitedEnoughError, asked_lately
from matchmaker.organisations.services.consortium_moves import InAGroupError
from matchmaker.suggestions import afterwards
from matchmaker.suggestions.looked_enough import looked_enough
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import LookedEnoughError
from matchmaker.suggestions.services.together import Together, together
from matchmaker.web.access import signed_in
from matchmaker.web.filters import ngettext
from matchmaker.web.htmx import redirect


@dataclass(frozen=True, slots=True)
class Found:
    pair: Pair
    #: The group that the need counts in already.
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
    def reached(self) -> bool:
        """Whether the group needs nobody more."""
        own, ticket = self.together.own, self.together.ticket
        if self.group is None or own is None or ticket is None:
            return False
        return reaches(own, ticket)

    @property
    def leads(self) -> bool:
        """Whether this firm may invite before this offer: for no other group than its own."""
        return self.group is None or _leads(self.pair, self.group)


@bp.route("/matches/<string:need_id>/<string:offer_id>/together", methods=["GET", "POST"])
@signed_in
def together_page(need_id: str, offer_id: str) -> ResponseReturnValue:
    with looking():
        pair = access.pair(need_id, offer_id)
        if pair.actor.side is not Side.NEED:
            abort(404)
        try:
            found = _found(pair)
        except LookedEnoughError:
            return looked_enough(pair.need.organisation)
        form = _form(found)
        if not (found.leads and form.validate_on_submit()):
            return _page(found, form)
        chosen = [found.needs[one] for one in form.firms.data]
    try:
        group, asked = _invite(found, form, chosen)
    except tuple(_WHY_NOT) as error:
        db.session.rollback()
        flash(_WHY_NOT[type(error)](), "error")
        return redirect(request.path)
    db.session.commit()
    flash(ngettext("%(num)s firm is invited.", "%(num)s firms are invited.", asked), "success")
    return redirect(url_for("contacts.group", public_id=group.organisation.public_id))


_WHY_NOT: dict[type[Exception], Callable[[], str]] = {
    InAGroupError: lambda: _("Your need is in another group already. Leave that one first."),
    InvitedEnoughError: lambda: _(
        "None of these firms can be invited today: they have invitations to answer, or you have"
        " sent as many as a day allows. Try again tomorrow."
    ),
    WrongState: lambda: _("That has changed in the meantime. Look at it again."),
}


def _leads(pair: Pair, group: Consortium) -> bool:
    own = group.coordinator_id == pair.need.organisation_id
    return own and group.offer_id == pair.offer.id


def _found(pair: Pair) -> Found:
    """Whom to ask: nobody while the need counts in a group that this firm does not speak for."""
    session, need, offer = db.session(), pair.need, pair.offer
    group = consortium_standing.of_need(session, need.id)
    if group is not None and not _leads(pair, group):
        return Found(pair, group, Together(), (), {})
    by = pair.actor.account_id or 0
    acting = acting_for(by)
    but = asked_lately(session, need.organisation_id, by, offer.id)
    if group is None:
        proposed = together(session, need, offer, acting, but=but)
    else:
        joined = [firm for firm in group.firms if firm.state is FirmState.JOINED]
        proposed = together(
            session,
            need,
            offer,
            acting,
            have=consortium_standing.sum_of(joined),
            places=consortium_standing.MOST_FIRMS - len(joined),
            but=but | {firm.organisation_id for firm in group.firms},
        )
    needs = {one.public_id: one for each in proposed.proposals for _near, one in each.others}
    views = group_words.group_views(proposed, goes_on=group is not None)
    return Found(pair, group, proposed, views, needs)


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
    group = consortium.start(session, pair.need, pair.offer, by, plan, chosen)
    session.refresh(group, ["firms"])
    return group, len(group.firms) - 1


def _page(found: Found, form: InviteForm) -> ResponseReturnValue:
    shown = [near.need_id for one in found.together.proposals for near in one.group.others]
    if shown:
        afterwards.count_partners(found.pair.need.organisation_id, shown)
    page = render_template(
        "contacts/together.html",
        need=found.pair.need,
        offer=found.pair.offer,
        group=found.group,
        leads=found.leads,
        same_offer=found.group is not None and found.group.offer_id == found.pair.offer.id,
        views=found.views,
        ticket=group_words.band_words(found.together.ticket),
        own=group_words.band_words(found.together.own),
        applies=found.together.ticket is not None,
        reached=found.reached,
        form=form,
        may_invite=found.leads and bool(found.choices),
    )
    return page, 422 if form.is_submitted() else 200
