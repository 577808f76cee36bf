"""Several firms held against one offer: what a member of the offering organisation may see now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services.evidence import between
from matchmaker.organisations import disclosure
from matchmaker.organisations.disclosure import Card, NeedCard, Viewer
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services.evidence import Piece, pieces
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.match import Explained, explain_each, is_live

#: More side by side is a list, not a comparison.
MOST = 5


@dataclass(frozen=True, slots=True)
class Firm:
    """One need against the offer, with its firm as this reader may see it."""

    need: Need
    card: Card
    asks: NeedCard
    found: Explained
    pieces: Sequence[Piece]
    #: The newest between the two about this need.
    request: ContactRequest | None

    @property
    def in_touch(self) -> bool:
        """Whether papers and answers go from one to the other now."""
        return self.request is not None and between(self.request)


def offer_of(session: Session, organisation: Organisation, public_id: str) -> Offer | None:
    """An offer of this very organisation, with its rules, in whatever state; None to one that is
    not published itself, which sees no firms."""
    if not organisation.is_published:
        return None
    query = (
        select(Offer)
        .where(Offer.public_id == public_id, Offer.organisation_id == organisation.id)
        .options(joinedload(Offer.criteria), joinedload(Offer.organisation))
    )
    return session.scalars(query).unique().one_or_none()


def firms_of(session: Session, offer: Offer, need_ids: Sequence[str]) -> list[Firm]:
    """The firms of these needs, in the order of the ids, each once.

    What is not published, not of the offer's kind, the organisation's own or not there is left out:
    one cannot be told from the other.
    """
    found = _needs(session, offer, need_ids)
    needs = [found[one] for one in dict.fromkeys(need_ids) if one in found]
    if not needs:
        return []
    requests = _requests(session, offer, needs)
    papers = pieces(session, {need.organisation_id for need in needs})
    explained = explain_each(session, needs, offer)
    return [
        _firm(need, its, requests.get(need.id), papers)
        for need, its in zip(needs, explained, strict=True)
    ]


def _needs(session: Session, offer: Offer, need_ids: Sequence[str]) -> dict[str, Need]:
    query = (
        select(Need)
        .where(
            Need.public_id.in_(need_ids[:MOST]),
            Need.kind == offer.kind,
            Need.organisation_id != offer.organisation_id,
        )
        .options(joinedload(Need.organisation).joinedload(Organisation.facts))
    )
    return {need.public_id: need for need in session.scalars(query).unique() if is_live(need)}


def _requests(session: Session, offer: Offer, needs: Sequence[Need]) -> dict[int, ContactRequest]:
    query = (
        select(ContactRequest)
        .where(
            ContactRequest.need_organisation_id.in_({need.organisation_id for need in needs}),
            ContactRequest.need_id.in_([need.id for need in needs]),
            # As an expression, or SQLite goes by it: a bank has hundreds of thousands.
            ContactRequest.offer_organisation_id + 0 == offer.organisation_id,
        )
        .options(
            joinedload(ContactRequest.releases),
            joinedload(ContactRequest.need_organisation),
            joinedload(ContactRequest.offer_organisation),
        )
        .order_by(ContactRequest.id)
    )
    return {row.need_id: row for row in session.scalars(query).unique()}


def _firm(
    need: Need, found: Explained, request: ContactRequest | None, papers: Sequence[Piece]
) -> Firm:
    firm = need.organisation
    named = request is not None and "name" in _released(request)
    # Details of contact stand on the request's page, which writes down who looks at them.
    released = ("name",) if named else None
    card = disclosure.visible_fields(firm, Viewer.OTHER_SIDE, released, as_offerer=False)
    asks = disclosure.need_fields(need, Viewer.OTHER_SIDE, released)
    assert asks is not None
    own = [piece for piece in papers if piece.fact.organisation_id == firm.id]
    return Firm(need, card, asks, found, own, request)


def _released(request: ContactRequest) -> set[str]:
    """What the firm lets the reader see now; nothing before a yes or after it was ended."""
    if not between(request):
        return set()
    return {
        row.field
        for row in request.releases
        if row.organisation_id == request.organisation_id(Side.NEED) and row.revoked_at is None
    }


__all__ = ["MOST", "Firm", "firms_of", "offer_of"]
