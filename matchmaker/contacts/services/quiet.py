"""A conversation in which nobody says anything for two weeks: both are asked once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.messages import QUIET, is_open
from matchmaker.contacts.services.moves import note
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side


def due(session: Session, limit: int = 500) -> list[int]:
    query = select(ContactRequest.id).where(ContactRequest.quiet_at <= clock.now())
    return list(session.scalars(query.order_by(ContactRequest.quiet_at).limit(limit)))


def ask_still_on(session: Session, request: ContactRequest) -> bool:
    """Ask both sides; False when they said something meanwhile or another job was first."""
    now = clock.now()
    was_due = session.scalar(
        update(ContactRequest)
        .where(ContactRequest.id == request.id, ContactRequest.quiet_at <= now)
        .values(quiet_at=None)
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(request)
    if was_due is None or request.state is not RequestState.ACCEPTED or request.blocked_by:
        return False
    if not is_open(request):
        # One of the two is suspended: neither can say anything. Asked once they can.
        request.quiet_at = now + QUIET
        return False
    note(session, request, EventKind.STILL_ON, None)
    for side in Side:
        telling.tell(session, request, "request.still_on", side)
    return True


def is_asked(request: ContactRequest, events: Sequence[ContactEvent]) -> bool:
    """Whether the question stands: asked, and nothing said or done since."""
    if request.state is not RequestState.ACCEPTED or request.quiet_at or request.blocked_by:
        return False
    kinds = [event.kind for event in events]
    if EventKind.STILL_ON not in kinds:
        return False
    asked = len(kinds) - kinds[::-1].index(EventKind.STILL_ON)
    return EventKind.OUTCOME not in kinds[asked:]
