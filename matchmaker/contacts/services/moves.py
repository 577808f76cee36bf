"""One step of a request from state to state: a conditional UPDATE, then what it leaves behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session, object_session

from matchmaker import audit
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.errors import NotAllowed, WrongState
from matchmaker.organisations.models import OrganisationState
from matchmaker.organisations.services.consortium_standing import is_silenced
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.suggestions.services import feedback


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and for which side."""

    account_id: int | None
    side: Side


def must_be(request: ContactRequest, actor: Actor, side: Side) -> None:
    """Only this side may, and not while its organisation, or who speaks for it, is suspended."""
    if actor.side is not side:
        raise NotAllowed("this step belongs to the other side")
    session = object_session(request)
    if session is not None and is_kept_out(session, request, side):
        raise NotAllowed("the organisation, or who speaks for the group, is suspended")


def is_kept_out(session: Session, request: ContactRequest, side: Side) -> bool:
    """Whether nobody may act for a side: it is suspended, or who speaks for it is not published."""
    suspended = request.organisation(side).state is OrganisationState.SUSPENDED
    return suspended or is_silenced(session, request.organisation_id(side))


def move(
    session: Session,
    request: ContactRequest,
    allowed: Collection[RequestState],
    to: RequestState,
    by: Actor | None,
    *conditions: ColumnElement[bool],
    code: str = "",
    **values: Any,
) -> None:
    """Step from one of the allowed states, or raise WrongState: of two who press, one wins."""
    moved = session.scalar(
        update(ContactRequest)
        .where(ContactRequest.id == request.id, ContactRequest.state.in_(allowed), *conditions)
        .values(state=to, version=ContactRequest.version + 1, **values)
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(request)
    if moved is None:
        raise WrongState(f"the request is {request.state}")
    note(session, request, EventKind(to.value), by, code)


def note(
    session: Session,
    request: ContactRequest,
    kind: EventKind,
    by: Actor | None,
    code: str = "",
    staff_id: int | None = None,
) -> None:
    """A line of the history that both sides see, and a row of the audit log."""
    account_id = by.account_id if by else staff_id
    session.add(
        ContactEvent(
            contact_request_id=request.id,
            kind=kind,
            side=by.side if by else None,
            account_id=account_id,
            code=code,
        )
    )
    audit.record(
        session,
        f"request.{kind}",
        account_id=account_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.organisation_id(by.side) if by else None,
        code=code,
    )


def feed_back(
    session: Session,
    request: ContactRequest,
    kind: FeedbackKind,
    side: Side,
    by: Actor | None,
    reason: str = "",
) -> None:
    """Tell the suggestions room what happened to the pair, under the model that proposed it.

    A provider that a set asks for help with a need of money makes no pair that a list ranks.
    """
    if request.need.kind is not request.offer.kind:
        return
    feedback.record_feedback(
        session,
        request.need,
        request.offer,
        kind,
        side,
        reason=reason,
        account_id=by.account_id if by else None,
        model_version=request.model_version,
        score=request.score,
    )
