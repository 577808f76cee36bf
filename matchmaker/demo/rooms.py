"""What Noy and Sophie made: showroom, group, set, view, pipeline; by services, rows being in."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from flask import current_app
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.demo import groups, sets
from matchmaker.demo.parties import DOMAIN
from matchmaker.extensions import clock
from matchmaker.organisations.evidence_files import photos, store
from matchmaker.organisations.models import (
    Membership,
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.organisations.services import product, showroom
from matchmaker.organisations.services.product_photo import Kept
from matchmaker.screening.columns import DEFAULT
from matchmaker.screening.models import ViewOrder
from matchmaker.screening.services import entry_tasks, pipeline, saved_views, stages
from matchmaker.screening.services.entry_tasks import Todo
from matchmaker.screening.services.saved_views import Draft
from matchmaker.suggestions.models import Shown

#: (name, words, price in LAK, per, colour of what is drawn)
PRODUCTS = (
    ("ກາເຟຄົ່ວ ອາຣາບີກາ", "ຄົ່ວປານກາງ, ປູກຢູ່ພູພຽງບໍລະເວນ.", 185_000, "kilogram", "#5b3a24"),
    ("ກາເຟຄົ່ວ ໂຣບັດສະຕາ", "ຄົ່ວເຂັ້ມ, ສຳລັບກາເຟນົມ.", 120_000, "kilogram", "#2e1d14"),
    ("ຊາກາເຟ (ກາສຄາຣາ)", "ເປືອກກາເຟຕາກແຫ້ງ, ຫວານອ່ອນໆ.", 90_000, "kilogram", "#a4442d"),
    ("ຊຸດຂອງຂວັນ", "ກາເຟສອງຊະນິດໃນກະຕ່າໄມ້ໄຜ່.", 240_000, "set", "#c79a4b"),
)
#: The stage that each firm has come to, counted from the first.
STAND = (0, 0, 0, 1, 1, 2, 2, 3)


def furnish(session: Session) -> None:
    """Nothing where the two are not there, as in a seed of another size."""
    noy, sophie = (_membership(session, handle) for handle in ("noy", "sophie"))
    if noy is not None:
        _showroom(session, noy.organisation, noy.account_id)
        groups.ask_together(session, noy)
        sets.ask_for_set(session, noy)
    if sophie is not None:
        _pipeline(session, sophie.organisation_id, sophie.account_id)


def _membership(session: Session, handle: str) -> Membership | None:
    query = select(Membership).join(Account, Account.id == Membership.account_id)
    mine = query.where(Account.email == f"{handle}@{DOMAIN}").order_by(Membership.id)
    return session.scalar(mine.limit(1))


def _showroom(session: Session, firm: Organisation, by: int) -> None:
    for name, words, price, unit, colour in PRODUCTS:
        product.add(
            session, firm, by, [_photo(colour)], name=name, words=words, lang="lo",
            sector=firm.sector, price_min_minor=price, price_max_minor=None, currency="LAK",
            unit=unit, certificates=[], languages=["lo", "en"],
        )  # fmt: skip
    showroom.open_to_all(session, firm, by)


def _photo(colour: str) -> Kept:
    data = Path(current_app.config["DATA"])
    found = photos.clean(io.BytesIO(drawn(colour)))
    small, large = (store.put(data, one, store.PHOTOS) for one in (found.small, found.large))
    return Kept(small, large, found.width, found.height)


def drawn(colour: str) -> bytes:
    """A bag on a table: nobody's photo."""
    picture = Image.new("RGB", (640, 480), "#efe6d5")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 350, 640, 480), fill="#b58a5c")
    pen.polygon([(220, 140), (420, 140), (445, 400), (195, 400)], fill=colour)
    pen.rectangle((215, 115, 425, 150), fill="#f7f2e6")
    pen.ellipse((270, 215, 370, 315), fill="#f7f2e6")
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()


def _pipeline(session: Session, organisation_id: int, by: int) -> None:
    """Firms that stood on the pages of one of its offers, as far as somebody got with them."""
    seen_most = func.count(Shown.need_id.distinct()).desc()
    offer = session.scalar(
        select(Offer)
        .join(Shown, Shown.offer_id == Offer.id)
        .where(Offer.organisation_id == organisation_id)
        .where(Offer.state == PublicationState.PUBLISHED)
        .group_by(Offer.id)
        .order_by(seen_most, Offer.id)
        .limit(1)
    )
    if offer is None:
        return
    _view(session, offer, by)
    shown = select(Shown.need_id).where(Shown.offer_id == offer.id)
    needs = select(Need).where(Need.kind == offer.kind, Need.state == PublicationState.PUBLISHED)
    first = needs.order_by(Need.id.in_(shown).desc(), Need.id).limit(len(STAND))
    rows = stages.written(session, organisation_id)
    for need, stand in zip(session.scalars(first).all(), STAND, strict=False):
        entry = pipeline.put_in(session, offer, need, by).entry
        if stand:
            pipeline.move(session, entry, rows[stand], entry.version, by)
            pipeline.keep(session, entry, entry.version, by, by, ["coffee"] if stand > 1 else [])
        if stand == 2:
            pipeline.note(
                session, entry, by, "Good accounts; the harvest is the risk. Visit first."
            )
        if stand == 3:
            due = clock.today() + timedelta(days=6)
            entry_tasks.add(session, entry, by, Todo("Ask for the land title", due, by))


def _view(session: Session, offer: Offer, by: int) -> None:
    draft = Draft("Firms that women lead", {"women": "y"}, ViewOrder.SCORE, DEFAULT)
    view = saved_views.save(session, offer, by, draft)
    saved_views.set_mail(session, view, by, 70)
