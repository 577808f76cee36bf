"""A set that Noy has asked for: one of its parts has said yes, the other has not answered yet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts import services as contacts
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import asking_sets
from matchmaker.contacts.services.asking_sets import PartAsk, SetAsk
from matchmaker.extensions import clock
from matchmaker.matching import stacks
from matchmaker.matching.eligibility import check
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.stacks import Stack
from matchmaker.organisations.models import Kind, Membership, Need, Offer, PublicationState
from matchmaker.organisations.services.capacity import places_left
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.resident.loading import needs_by_id, offers_by_id
from matchmaker.suggestions.versions import FIRST, in_force

MESSAGE = "ສະບາຍດີ, ພວກເຮົາຂໍທັງສອງຢ່າງພ້ອມກັນ: ຢ່າງດຽວບໍ່ພໍກັບສິ່ງທີ່ພວກເຮົາຢາກເຮັດ."

#: Money beside money only: nobody is asked to get a paper.
NO_HELP: dict[str, str] = {}


def ask_for_set(session: Session, noy: Membership) -> None:
    """The first to be asked says yes; nothing where no two kinds of money go together."""
    found = min(_covering(session, noy), key=lambda one: one[1].order, default=None)
    if found is None:
        return
    need_id, stack = found
    by = contacts.Actor(noy.account_id, Side.NEED)
    parts = [
        PartAsk(
            contacts.Ask(
                need_id, part.offer_id, by, MESSAGE, "lo",
                promised=("contact_telephone",), of_set=True, score=part.score,
                model_version=FIRST,
            ),
            part.role,
        )
        for part in stack.parts
    ]  # fmt: skip
    asked = SetAsk(parts, need_id, stack.score, stack.coverage, FIRST)
    first = asking_sets.send_set(session, asked)[0].request
    owner = select(Membership.account_id).where(
        Membership.organisation_id == first.offer_organisation_id
    )
    answers = contacts.Actor(session.scalars(owner.order_by(Membership.id)).one(), Side.OFFER)
    contacts.accept(session, first, answers, ["contact_telephone"])


def _covering(session: Session, noy: Membership) -> Iterable[tuple[int, Stack]]:
    """Her needs, each with two sorts of money of organisations that she has not asked yet."""
    today, model = clock.today(), in_force(session).model()
    mine = select(Need.id).where(
        Need.organisation_id == noy.organisation_id,
        Need.kind == Kind.FINANCE,
        Need.state == PublicationState.PUBLISHED,
    )
    needs = needs_by_id(session, session.scalars(mine).all(), today)
    offers = offers_by_id(session, _free(session, noy), today)
    for need in needs:
        for pair in combinations((offer for offer in offers if _open(need, offer)), 2):
            stack = stacks.stack_of(need, pair, NO_HELP.get, model)
            if stack is not None:
                yield need.id, stack


def _free(session: Session, noy: Membership) -> list[int]:
    asked = select(ContactRequest.offer_organisation_id).where(
        ContactRequest.need_organisation_id == noy.organisation_id
    )
    money = select(Offer).where(
        Offer.kind == Kind.FINANCE,
        Offer.organisation_id.not_in(asked),
        Offer.organisation_id.in_(select(Membership.organisation_id)),
    )
    now = clock.now()
    return [offer.id for offer in session.scalars(money) if places_left(offer, now) > 0]


def _open(need: NeedRecord, offer: OfferRecord) -> bool:
    return not stacks.unmet(check(need, offer)) - {stacks.AMOUNT}
