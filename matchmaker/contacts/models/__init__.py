"""Tables of the contacts room, a file a noun."""

from matchmaker.contacts.models.contact_event import ContactEvent
from matchmaker.contacts.models.contact_request import (
    ANSWERABLE,
    OPEN_STATES,
    ContactRequest,
    RequestState,
)
from matchmaker.contacts.models.outcome import Outcome
from matchmaker.contacts.models.release import ContactView, Release

__all__ = [
    "ANSWERABLE",
    "OPEN_STATES",
    "ContactEvent",
    "ContactRequest",
    "ContactView",
    "Outcome",
    "Release",
    "RequestState",
]
