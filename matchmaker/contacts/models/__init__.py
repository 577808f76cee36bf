"""Tables of the contacts room, a file a noun."""

from matchmaker.contacts.models.contact_event import ContactEvent
from matchmaker.contacts.models.contact_request import (
    ANSWERABLE,
    OPEN_STATES,
    ContactRequest,
    RequestState,
)
from matchmaker.contacts.models.meeting import Meeting, MeetingState
from matchmaker.contacts.models.message import Message, MessageMark
from matchmaker.contacts.models.outcome import Outcome, OutcomeQuestion
from matchmaker.contacts.models.release import ContactView, Release
from matchmaker.contacts.models.report import Report, ReportReason
from matchmaker.contacts.models.story import Story, StoryPart, StoryState

__all__ = [
    "ANSWERABLE",
    "OPEN_STATES",
    "ContactEvent",
    "ContactRequest",
    "ContactView",
    "Meeting",
    "MeetingState",
    "Message",
    "MessageMark",
    "Outcome",
    "OutcomeQuestion",
    "Release",
    "Report",
    "ReportReason",
    "RequestState",
    "Story",
    "StoryPart",
    "StoryState",
]
