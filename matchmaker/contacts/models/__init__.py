"""Tables of the contacts room, a file a noun."""

from matchmaker.contacts.models.contact_event import ContactEvent
from matchmaker.contacts.models.contact_request import (
    ANSWERABLE,
    OPEN_STATES,
    ContactRequest,
    RequestState,
)
from matchmaker.contacts.models.contact_set import ContactSet, ContactSetPart
from matchmaker.contacts.models.evidence_ask import AskState, EvidenceAsk
from matchmaker.contacts.models.evidence_share import EvidenceShare
from matchmaker.contacts.models.meeting import Meeting, MeetingState
from matchmaker.contacts.models.message import Message, MessageMark
from matchmaker.contacts.models.outcome import Outcome, OutcomeQuestion
from matchmaker.contacts.models.release import ContactView, Release
from matchmaker.contacts.models.report import Report, ReportReason
from matchmaker.contacts.models.standard_question import StandardQuestion
from matchmaker.contacts.models.story import Story, StoryPart, StoryState

__all__ = [
    "ANSWERABLE",
    "OPEN_STATES",
    "AskState",
    "ContactEvent",
    "ContactRequest",
    "ContactSet",
    "ContactSetPart",
    "ContactView",
    "EvidenceAsk",
    "EvidenceShare",
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
    "StandardQuestion",
    "Story",
    "StoryPart",
    "StoryState",
]
