"""What came of a yes: said by each side, kept as a history, never made to agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.models import ContactRequest, Outcome, OutcomeQuestion, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.messages import QUIET
from matchmaker.contacts.services.moves import Actor, feed_back, move, note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.services import money
from matchmaker.organisations.services.values import TWICE_WITHIN
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.vocabulary.bands import band_of, usd_band
from matchmaker.vocabulary.reasons import NO_CONTACT, OUTCOMES, WHY_NOT

#: Outcomes that end a conversation; "still talking" and "we met" do not.
FINAL = {
    "agreed": FeedbackKind.AGREED,
    "part_agreed": FeedbackKind.AGREED,
    "not_agreed": FeedbackKind.NOT_AGREED,
    NO_CONTACT: FeedbackKind.NOT_AGREED,
}
AGREED = frozenset(code for code, kind in FINAL.items() if kind is FeedbackKind.AGREED)
DENIED = frozenset(FINAL) - AGREED
#: Words that say that the two met: nobody agrees who never did.
MET = frozenset({"met", "agreed", "part_agreed"})
IN_TOUCH = (RequestState.ACCEPTED, RequestState.CLOSED)


class Amounted(Protocol):
    """A word that may name an amount."""

    @property
    def amount_band(self) -> str: ...
    @property
    def amount_minor(self) -> int | None: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Details:
    """What may be said beside the outcome: why not, or how much."""

    reason: str = ""
    note: str = ""
    #: Key of a band of US dollars; or the exact amount, from which the band is made.
    band: str = ""
    minor: int | None = None
    currency: str = ""


def say_outcome(
    session: Session,
    request: ContactRequest,
    by: Actor,
    code: str,
    details: Details | None = None,
) -> None:
    """What came of a yes, said by each side; the first final word closes the request."""
    values = checked(code, details or Details())
    # Two who speak at once for a side speak one after the other.
    lock: dict[str, Any] = {"with_for_update": {"key_share": True}, "populate_existing": True}
    session.get(ContactRequest, request.id, **lock)
    if request.state not in IN_TOUCH:
        raise WrongState(f"the request is {request.state}")
    if _just_said(session, request, by, code, values):
        return
    before = _write(session, request, by, code, values)
    _answer_questions(session, request, by.side)
    note(session, request, EventKind.OUTCOME, by, code)
    kind = FeedbackKind.MET if code == "met" else FINAL.get(code)
    # Said again, with another amount perhaps: the learning has heard it.
    if kind is not None and code != before:
        feed_back(session, request, kind, by.side, by, code)
    now = clock.now()
    if code in FINAL and request.state is RequestState.ACCEPTED:
        accepted = (RequestState.ACCEPTED,)
        move(session, request, accepted, RequestState.CLOSED, by, closed_at=now)
    elif request.state is RequestState.ACCEPTED:
        # A word, as a message is; an agreed date may lie further ahead.
        request.quiet_at = max(now + QUIET, request.quiet_at or now)
    told = notifications.label("outcome", code)
    telling.tell(session, request, "request.closed", other(by.side), outcome=told)


def checked(code: str, details: Details) -> dict[str, Any]:
    """The columns that the details fill; BadAnswerError for what does not belong together."""
    if code not in OUTCOMES:
        raise BadAnswerError("outcome")
    has_amount = bool(details.band) or details.minor is not None
    if (details.reason and (code not in DENIED or details.reason not in WHY_NOT)) or (
        has_amount and code not in AGREED
    ):
        raise BadAnswerError("details")
    band = details.band
    if details.minor is not None:
        usd = money.in_usd(details.minor, details.currency, clock.today())
        band = usd_band(usd.usd).key if usd else ""
    elif band and band_of(band) is None:
        raise BadAnswerError("band")
    return {
        "reason": details.reason,
        "note": details.note,
        "amount_band": band,
        "amount_minor": details.minor,
        "currency": details.currency if details.minor is not None else "",
    }


def _just_said(
    session: Session, request: ContactRequest, by: Actor, code: str, values: dict[str, Any]
) -> bool:
    """An impatient second press says nothing new, and the other side is told once."""
    query = select(Outcome.id).where(
        Outcome.contact_request_id == request.id,
        Outcome.side == by.side,
        Outcome.current,
        Outcome.account_id == by.account_id,
        Outcome.at > clock.now() - TWICE_WITHIN,
    )
    return session.scalar(query.filter_by(code=code, **values)) is not None


def _write(
    session: Session, request: ContactRequest, by: Actor, code: str, values: dict[str, Any]
) -> str:
    """The last word moves to the history and a new one takes its place; gives the last code."""
    now = clock.now()
    last = session.execute(
        update(Outcome)
        .where(
            Outcome.contact_request_id == request.id,
            Outcome.side == by.side,
            Outcome.current,
        )
        .values(current=False)
        .returning(Outcome.code, Outcome.met_at)
        .execution_options(synchronize_session="fetch")
    ).first()
    session.add(
        Outcome(
            contact_request_id=request.id,
            side=by.side,
            code=code,
            account_id=by.account_id,
            at=now,
            met_at=_met_since(code, last.met_at if last else None, now),
            **values,
        )
    )
    session.flush()
    return last.code if last else ""


def _met_since(code: str, before: datetime | None, now: datetime) -> datetime | None:
    """The first day stands; who says that they never got in touch takes it back."""
    if code == NO_CONTACT:
        return None
    return before or (now if code in MET else None)


def _answer_questions(session: Session, request: ContactRequest, side: Side) -> None:
    """Whatever this side was asked is answered by what it says now."""
    session.execute(
        update(OutcomeQuestion)
        .where(
            OutcomeQuestion.contact_request_id == request.id,
            OutcomeQuestion.side == side,
            OutcomeQuestion.answered_at.is_(None),
        )
        .values(answered_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def sayings(session: Session, request: ContactRequest) -> list[Outcome]:
    """All that both sides said, the oldest first."""
    query = select(Outcome).where(Outcome.contact_request_id == request.id)
    return list(session.scalars(query.order_by(Outcome.id)))


def present(said: Sequence[Outcome]) -> dict[Side, Outcome]:
    """The last word of each side that spoke."""
    return {row.side: row for row in said if row.current}


def differ(one: Outcome, two: Outcome) -> bool:
    """Whether the two sides tell different stories: yes, no, or not decided yet."""
    return _gist(one.code) != _gist(two.code)


def amounts_differ(one: Amounted, two: Amounted) -> bool:
    """Both name an amount, and not the same; a band and an exact amount in it are the same."""
    if one.currency and one.currency == two.currency:
        return one.amount_minor != two.amount_minor
    return bool(one.amount_band and two.amount_band) and one.amount_band != two.amount_band


def _gist(code: str) -> str:
    return "yes" if code in AGREED else "no" if code in DENIED else "open"
