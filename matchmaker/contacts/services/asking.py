"""Asking: the rules that hold under concurrent posts, and the one row that comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.accounts.models import Account
from matchmaker.contacts import errors
from matchmaker.contacts.models import OPEN_STATES, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import keeping, telling
from matchmaker.contacts.services.moves import Actor, feed_back, note
from matchmaker.errors import NotAllowed
from matchmaker.extensions import clock
from matchmaker.extensions.database import new_public_id
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import Need, Offer, Organisation, PublicationState
from matchmaker.organisations.services import capacity
from matchmaker.organisations.services.consortium_standing import is_silenced
from matchmaker.organisations.services.errors import NoPlaceLeftError
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.suggestions.services import pairs
from matchmaker.tasks import TaskKind

DAYS_TO_ANSWER = 21
SENT_A_DAY = 20
UNSEEN_A_DAY = 10
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ask:
    need_id: int
    offer_id: int
    by: Actor
    message: str
    lang: str
    #: Contact fields of the asking side that a yes releases.
    promised: tuple[str, ...] = ()
    score: float | None = None
    reasons: dict[str, Any] = field(default_factory=dict)
    model_version: int = 0
    #: A set may ask a provider for help with a need of money.
    of_set: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    request: ContactRequest
    #: False: one was open already, by this side or by the other; that one is given.
    new: bool


def send(session: Session, ask: Ask) -> Sent:
    """Send the request, or give the one that is open; raises a CannotAskError with the reason."""
    offer_organisation_id = session.scalar(
        select(Offer.organisation_id).where(Offer.id == ask.offer_id)
    )
    # A repeated click needs no lock: the first answer is its answer.
    found = open_request(session, ask.need_id, offer_organisation_id)
    if found is not None:
        return Sent(found, new=False)
    hold_asker(session, ask)
    need, offer = _lock(session, ask)
    found = open_request(session, need.id, offer.organisation_id)
    if found is not None:
        return Sent(found, new=False)
    reason = why_not(session, need, offer, ask.by, of_set=ask.of_set)
    if reason is None and is_silenced(session, need.organisation_id):
        reason = errors.NotOpenError("who speaks for the group is not published")
    if reason is not None:
        raise reason
    request = _insert(session, ask, need, offer)
    if request is None:
        found = open_request(session, need.id, offer.organisation_id)
        if found is None:
            raise errors.NotOpenError("the other request ended this moment")
        return Sent(found, new=False)
    if ask.by.side is Side.NEED:
        _take_place(session, offer, request.sent_at)
    _tell(session, request, ask.by)
    return Sent(request, new=True)


def hold_asker(session: Session, ask: Ask) -> None:
    """Whoever has left meanwhile finds nothing open to them."""
    own = (Need, ask.need_id) if ask.by.side is Side.NEED else (Offer, ask.offer_id)
    asking = session.get(*own)
    try:
        keeping.hold(session, ask.by, asking.organisation_id if asking else 0)
    except NotAllowed as reason:
        raise errors.NotOpenError("gone") from reason


def open_request(
    session: Session, need_id: int, offer_organisation_id: int | None
) -> ContactRequest | None:
    return session.scalar(
        select(ContactRequest).where(
            ContactRequest.need_id == need_id,
            ContactRequest.offer_organisation_id == offer_organisation_id,
            ContactRequest.state.in_(OPEN_STATES),
        )
    )


def why_not(
    session: Session, need: Need, offer: Offer, by: Actor, *, of_set: bool = False
) -> errors.CannotAskError | None:
    """The first rule that says no; the same for the page that asks and for the post."""
    now = clock.now()
    if need.organisation_id == offer.organisation_id:
        return errors.OwnPairError("own")
    if not (need.kind is offer.kind or of_set) or not (_is_open(need) and _is_open(offer)):
        return errors.NotOpenError("not published")
    closed = pairs.pair_closed(session, need, offer)
    if closed is not None:
        return errors.FrozenError(closed.until)
    if by.side is Side.NEED and not offer.deploying:
        return errors.NotDeployingError("not deploying")
    if by.side is Side.NEED and capacity.places_left(offer, now) == 0:
        return errors.NoPlacesError("no places left")
    if _sent_today(session, by.account_id, now) >= SENT_A_DAY:
        return errors.SenderLimitError("sender limit")
    receiver = offer.organisation_id if by.side is Side.NEED else need.organisation_id
    if _unseen_today(session, receiver, now) >= UNSEEN_A_DAY:
        return errors.ReceiverLimitError("receiver limit")
    return None


def _is_open(row: Need | Offer) -> bool:
    return row.state is PublicationState.PUBLISHED and row.organisation.is_published


def _lock(session: Session, ask: Ask) -> tuple[Need, Offer]:
    """Lock sender, need, receiver and offer, always in this order, and read them afresh.

    The need's lock is shared with declining, so that the freeze it writes is seen here; the
    sender's and receiver's make their limits hold. SQLite holds the one write lock already.
    """
    held(session, Account, ask.by.account_id)
    need = held(session, Need, ask.need_id)
    offer = session.get(Offer, ask.offer_id, populate_existing=True)
    if need is None or offer is None:
        raise errors.NotOpenError("gone")
    for organisation_id in sorted({need.organisation_id, offer.organisation_id}):
        held(session, Organisation, organisation_id)
    held(session, Offer, ask.offer_id)
    return need, offer


def _insert(session: Session, ask: Ask, need: Need, offer: Offer) -> ContactRequest | None:
    """None when another transaction was first; the unique index decides, nobody sees an error."""
    now = clock.now()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ContactRequest).values(
        public_id=new_public_id(),
        version=1,
        need_id=need.id,
        offer_id=offer.id,
        need_organisation_id=need.organisation_id,
        offer_organisation_id=offer.organisation_id,
        asked_by=ask.by.side,
        sender_id=ask.by.account_id,
        **keeping.kept_by(ask.by),
        message=ask.message,
        lang=ask.lang,
        promised=list(ask.promised),
        state=RequestState.SENT,
        score=ask.score,
        reasons=ask.reasons,
        model_version=ask.model_version,
        sent_at=now,
        expires_at=now + timedelta(days=DAYS_TO_ANSWER),
    )
    return session.scalar(statement.on_conflict_do_nothing().returning(ContactRequest))


def _take_place(session: Session, offer: Offer, at: datetime) -> None:
    try:
        capacity.take_place(session, offer.id, at)
    except NoPlaceLeftError as error:
        raise errors.NoPlacesError("no places left") from error


def _tell(session: Session, request: ContactRequest, by: Actor) -> None:
    note(session, request, EventKind.SENT, by)
    feed_back(session, request, FeedbackKind.ASKED, by.side, by)
    until = notifications.day(request.expires_at.date())
    told = telling.tell(session, request, "request.received", request.asked, until=until)
    if not told:
        telling.open_task(session, request, TaskKind.NOBODY_HOME, request.asked)


def _sent_today(session: Session, account_id: int | None, now: datetime) -> int:
    query = select(func.count()).select_from(ContactRequest)
    mine = (ContactRequest.sender_id == account_id, ContactRequest.sent_at > now - DAY)
    return session.scalar(query.where(*mine)) or 0


def _unseen_today(session: Session, organisation_id: int, now: datetime) -> int:
    asked_offer = (ContactRequest.asked_by == Side.NEED) & (
        ContactRequest.offer_organisation_id == organisation_id
    )
    asked_need = (ContactRequest.asked_by == Side.OFFER) & (
        ContactRequest.need_organisation_id == organisation_id
    )
    query = select(func.count()).where(
        or_(asked_offer, asked_need),
        ContactRequest.state == RequestState.SENT,
        ContactRequest.seen_at.is_(None),
        ContactRequest.sent_at > now - DAY,
    )
    return session.scalar(query) or 0
