"""Noting that somebody of the asked side has opened a request."""

from __future__ import annotations

from sqlalchemy import Engine, update

from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import writing_session

LOCK_MS = 200


def note_seen(engine: Engine, request_id: int, actor: Actor) -> None:
    """Once: the first time counts. Gives up with OperationalError when writers are busy."""
    with writing_session(engine, LOCK_MS) as session:
        first = session.scalar(
            update(ContactRequest)
            .where(ContactRequest.id == request_id, ContactRequest.seen_at.is_(None))
            .values(seen_at=clock.now())
            .returning(ContactRequest.id)
            .execution_options(synchronize_session=False)
        )
        if first is not None:
            request = session.get_one(ContactRequest, request_id)
            note(session, request, EventKind.SEEN, actor)
