"""A group that Noy speaks for: firms near hers reach a ticket with her, and one request is out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts import services as contacts
from matchmaker.extensions import clock
from matchmaker.matching import consortia
from matchmaker.matching.consortia import Group
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.organisations.models import Kind, Membership, Need, Offer, PublicationState
from matchmaker.organisations.services import consortium
from matchmaker.organisations.services.consortium import Plan
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.resident.loading import needs_by_id, offers_by_id

PLAN = Plan(
    name="ກຸ່ມໂຮງປຸງແຕ່ງອາຫານຮ່ວມກັນ",
    title="ໂຮງປຸງແຕ່ງ ແລະ ສາງຮ່ວມກັນ ທີ່ໃຊ້ແສງຕາເວັນ",
    text="ພວກເຮົາຢາກໃຊ້ໂຮງປຸງແຕ່ງ ແລະ ສາງດຽວກັນ ໂດຍໃຊ້ໄຟຟ້າຈາກແສງຕາເວັນ, ແບ່ງຄ່າໃຊ້ຈ່າຍກັນ.",
    lang="lo",
    shows_name=True,
)
MESSAGE = "ສະບາຍດີ, ພວກເຮົາຂໍລົມກັບທ່ານກ່ຽວກັບໂຮງປຸງແຕ່ງຮ່ວມກັນ. ແຕ່ລະທຸລະກິດຈະເອົາບັນຊີຂອງຕົນມາໃຫ້ເບິ່ງ."


def ask_together(session: Session, noy: Membership) -> None:
    """One of the others lets the group read its name; nothing where no ticket is out of reach."""
    found = _best(session, noy)
    if found is None:
        return
    need_id, offer_id, group = found
    offer = session.get_one(Offer, offer_id)
    others = [session.get_one(Need, one) for one in group.ids]
    begun = consortium.start(
        session, session.get_one(Need, need_id), offer, noy.account_id, PLAN, others
    )
    session.refresh(begun, ["firms"])
    owners = _owners(session, others)
    for at, firm in enumerate(begun.firms[1:]):
        consortium.join(session, firm, owners[firm.organisation_id], shows_name=at == 0)
    consortium.publish(session, begun, noy.account_id)
    by = contacts.Actor(noy.account_id, Side.NEED)
    ask = contacts.Ask(begun.need_id, offer.id, by, MESSAGE, "lo", promised=("contact_telephone",))
    contacts.send(session, ask)


def _best(session: Session, noy: Membership) -> tuple[int, int, Group] | None:
    """The nearest group for one of her needs: firms of her country, with owners of their own."""
    found = [
        (asking.id, offer.id, group)
        for asking, offer, pool in _short(session, noy)
        for group in consortia.consortia(asking, offer, pool)[:1]
    ]
    return max(found, key=lambda one: (one[2].score, -one[1]), default=None)


def _short(
    session: Session, noy: Membership
) -> Iterable[tuple[NeedRecord, OfferRecord, Sequence[NeedRecord]]]:
    today = clock.today()
    live = select(Need.id).where(
        Need.kind == Kind.FINANCE,
        Need.state == PublicationState.PUBLISHED,
        Need.organisation_id.in_(select(Membership.organisation_id)),
        Need.organisation.has(country=noy.organisation.country),
    )
    needs = needs_by_id(session, session.scalars(live).all(), today)
    money = select(Offer.id).where(Offer.kind == Kind.FINANCE)
    offers = offers_by_id(session, session.scalars(money).all(), today)
    for asking in needs:
        if asking.organisation_id == noy.organisation_id:
            short = (offer for offer in offers if consortia.falls_short(asking, offer))
            yield from ((asking, offer, needs) for offer in short)


def _owners(session: Session, needs: Sequence[Need]) -> dict[int, int]:
    ids = [need.organisation_id for need in needs]
    rows = select(Membership.organisation_id, Membership.account_id).where(
        Membership.organisation_id.in_(ids)
    )
    return {firm: owner for firm, owner in session.execute(rows)}  # noqa: C416 - rows are tuples from 2.1 on only
