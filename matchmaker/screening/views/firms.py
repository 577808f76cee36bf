"""The table of firms for an offer: as a saved view keeps it, or not saved yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations.models import Membership, Need, Offer, Organisation
from matchmaker.screening.access import has_desk, own_desk
from matchmaker.screening.firm_rows import firm_row, heads
from matchmaker.screening.models import SavedView
from matchmaker.screening.services import saved_views as keeping
from matchmaker.screening.view_forms import EDITED, FirmsForm
from matchmaker.screening.views.blueprint import bp
from matchmaker.suggestions import afterwards, services
from matchmaker.suggestions.looked_enough import looked_enough, not_published
from matchmaker.suggestions.models import Hidden, Side
from matchmaker.suggestions.resident.loading import live_needs
from matchmaker.suggestions.services import NotComparableError
from matchmaker.suggestions.services.cursor import Cursor
from matchmaker.suggestions.services.hiding import hide_pair, show_pair
from matchmaker.suggestions.services.match import is_live
from matchmaker.suggestions.services.ranking import ListPage
from matchmaker.suggestions.words.cards import title_of
from matchmaker.suggestions.words.left_out import chosen_line, left_out_line
from matchmaker.suggestions.words.lists import count_line, list_url
from matchmaker.web import htmx
from matchmaker.web.access import signed_in

#: In the address after a firm was taken off: which one, so that it can be taken back.
HID = "hid"
TABS = ("fit", "near")


@dataclass(frozen=True, slots=True)
class Desk:
    """What one table is of, and by what it is opened again."""

    organisation: Organisation
    offer: Offer
    view: SavedView | None
    form: FirmsForm

    @property
    def base(self) -> dict[str, Any]:
        """What every address of this table says: of which view, or of which offer."""
        if self.view is not None:
            return {"view_id": self.view.public_id}
        return {"offer": self.offer.public_id}

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters, order and columns, where they are not those of the view."""
        marked = {EDITED: "y"} if self.view is not None and self.form.edited else {}
        return (marked | self.form.link_values()) if self.form.edited else {}

    def url(self, **more: Any) -> str:
        place = "firms" if self.view is None else "saved_view"
        return self._url(place, self.base | self.chosen | more)

    def clear_url(self) -> str:
        """Without filters; of a view, as it was saved."""
        place = "firms" if self.view is None else "saved_view"
        return self._url(place, self.base)

    def save_url(self) -> str:
        """Where this table is kept: as a new view, or as what the view is from now on."""
        if self.view is not None:
            return self._url("view_edit", self.base | self.chosen)
        return self._url("view_new", self.base | self.chosen)

    def hide_url(self, need_id: str, tab: str) -> str:
        """Takes a firm off and comes back to this table."""
        at = {"need_id": need_id, "offer_id": self.offer.public_id}
        kept = {**self.base, **self.chosen, "tab": None if tab == "fit" else tab}
        return self._url("firm_hide", at | {k: v for k, v in kept.items() if k != "offer"})

    def copy_url(self) -> str:
        kept = {"offer": self.offer.public_id} | self.form.link_values()
        return self._url("view_new", kept)

    def _url(self, place: str, values: dict[str, Any]) -> str:
        return url_for(f"screening.{place}", public_id=self.organisation.public_id, **values)


@bp.get("/<public_id>/firms")
@signed_in
def firms(public_id: str) -> ResponseReturnValue:
    """The firms for one offer, not saved yet; without an offer, which one it is to be."""
    if not request.args.get("offer"):
        return _choose(own_desk(public_id))
    offer = own_offer_of(public_id, request.args["offer"])
    return _table(Desk(offer.organisation, offer, None, FirmsForm(offer)))


@bp.get("/<public_id>/views/<view_id>")
@signed_in
def saved_view(public_id: str, view_id: str) -> ResponseReturnValue:
    view = own_view(public_id, view_id)
    return _table(Desk(view.organisation, view.offer, view, FirmsForm(view.offer, view)))


@bp.post("/<public_id>/firms/<need_id>/<offer_id>/hide")
@signed_in
def firm_hide(public_id: str, need_id: str, offer_id: str) -> ResponseReturnValue:
    """Take one firm off the lists of this offer, or put it back; nobody is told."""
    offer = own_offer_of(public_id, offer_id)
    need = db.session.scalar(select(Need).where(Need.public_id == need_id))
    if need is None or not is_live(need):
        abort(404)
    again = "again" in request.form
    account_id, session = current_account().id, db.session()
    try:
        if again:
            show_pair(session, need, offer, Side.OFFER, account_id=account_id)
        else:
            hide_pair(session, need, offer, Side.OFFER, reason="", account_id=account_id)
    except NotComparableError:
        abort(404)
    db.session.commit()
    if again:
        flash(_("It is back in your list."), "success")
    tab = _tab()
    desk = _shown_at(offer)
    more = {"tab": None if tab == "fit" else tab, HID: None if again else need_id}
    return redirect(desk.url(**more), 303)


def _shown_at(offer: Offer) -> Desk:
    """The table whose address came along with the button."""
    if not request.args.get("view_id"):
        return Desk(offer.organisation, offer, None, FirmsForm(offer))
    view = own_view(offer.organisation.public_id, request.args["view_id"])
    return Desk(view.organisation, view.offer, view, FirmsForm(view.offer, view))


def _choose(organisation: Organisation) -> ResponseReturnValue:
    query = select(Offer).where(Offer.organisation_id == organisation.id)
    # What an organisation offers is some dozens at most; the newest hundred stand here.
    offers = list(db.session.scalars(query.order_by(Offer.id.desc()).limit(100)))
    if len(offers) == 1:
        url = url_for(".firms", public_id=organisation.public_id, offer=offers[0].public_id)
        return redirect(url, 303)
    return render_template(
        "screening/choose_offer.html", organisation=organisation, offers=offers, is_live=is_live
    )


def own_offer_of(organisation_id: str, public_id: str) -> Offer:
    """An offer of this very organisation, with its rules, for its members; else 404."""
    query = (
        select(Offer)
        .where(Offer.public_id == public_id)
        .options(joinedload(Offer.criteria), joinedload(Offer.organisation))
    )
    offer, member = _with_membership(query, Offer.organisation_id)
    _refuse_strangers(offer.organisation, organisation_id, member)
    return offer


def own_view(organisation_id: str, public_id: str) -> SavedView:
    """A view of this very organisation, for its members; else 404."""
    view, member = _with_membership(keeping.view_by(public_id), SavedView.organisation_id)
    _refuse_strangers(view.organisation, organisation_id, member)
    return view


Owned = TypeVar("Owned", Offer, SavedView)


def _with_membership(query: Select[Owned], owner: Any) -> tuple[Owned, bool]:
    """The row, and whether the reader is a member of its owner; else 404."""
    member = exists().where(
        Membership.account_id == current_account().id, Membership.organisation_id == owner
    )
    found = db.session.execute(query.add_columns(member)).unique().one_or_none()
    return (found[0], bool(found[1])) if found else abort(404)


def _refuse_strangers(organisation: Organisation, public_id: str, member: bool) -> None:
    """As `own_desk` does, two queries cheaper: owner and membership came with what is owned."""
    offers = organisation.is_funder or organisation.is_provider
    known = (member and offers) or has_desk(organisation)
    if organisation.public_id != public_id or not known:
        abort(404)


def _tab() -> str:
    wanted = request.args.get("tab", "")
    return wanted if wanted in TABS else TABS[0]


def _table(desk: Desk) -> ResponseReturnValue:
    form, tab = desk.form, _tab()
    after = Cursor.parse(request.args.get("after", ""))
    try:
        page = services.page_for(
            db.session(), desk.offer, form.filters(), after, tab,
            current_account().id, form.wanted_order.value,
        )  # fmt: skip
    except services.LookedEnoughError:
        return looked_enough(desk.organisation)
    except services.NotPublishedError:
        return not_published(desk.organisation)
    afterwards.name_version(page.version)
    afterwards.count_page(desk.offer, page, tab, to_staff=False)
    return _answer(desk, page, tab)


def _answer(desk: Desk, page: ListPage, tab: str) -> Response:
    shown, hid = desk.form.wanted_columns, _hid(desk.offer)
    listed = page.fit if tab == "fit" else page.near
    before = bool(page.fit) and page.fit[0].position > 1
    return htmx.render(
        "screening/firms.html",
        "screening/_firm_table.html",
        desk=desk,
        form=desk.form,
        organisation=desk.organisation,
        renewed=page.renewed,
        tab=tab,
        tabs=_tabs(desk, page, tab),
        rows=[firm_row(one, shown) for one in listed],
        columns=heads(shown),
        live=is_live(desk.offer),
        hid=hid,
        hid_title=title_of(hid) if hid else "",
        count_line=count_line(desk.offer, page.ranking.total),
        chosen=chosen_line(page.ranking.pool, page.ranking.used, page.side),
        left_out=left_out_line(page.ranking.left_out, page.left_out, page.side),
        left_out_url=list_url(desk.offer, "out", desk.form.filter_values()),
        first_url=desk.url() if before else None,
        next_url=desk.url(after=str(page.next)) if tab == "fit" and page.next else None,
    )


def _tabs(desk: Desk, page: ListPage, tab: str) -> list[dict[str, Any]]:
    counts = {"fit": page.ranking.total, "near": page.ranking.near_total}
    words = {"fit": _("Fit"), "near": _("Nearly")}
    return [
        {
            "label": words[name],
            "url": desk.url(tab=None if name == "fit" else name),
            "current": name == tab,
            "count": counts[name],
        }
        for name in TABS
    ]


def _hid(offer: Offer) -> Need | None:
    """The firm that was just taken off, while it is there to be put back: what it writes after it
    took its need back is its own."""
    public_id = request.args.get(HID, "")[:20]
    if not public_id:
        return None
    hidden = Hidden.need_id == Need.id, Hidden.offer_id == offer.id, Hidden.side == Side.OFFER
    query = live_needs().join(Hidden, and_(*hidden)).where(Need.public_id == public_id)
    return db.session.scalar(query)
