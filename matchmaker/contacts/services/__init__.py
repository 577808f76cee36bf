"""What can be done with a contact request."""

from matchmaker.contacts.services.answering import accept, decline
from matchmaker.contacts.services.asking import Ask, Sent, open_request, send, why_not
from matchmaker.contacts.services.ending import expire, remind, withdraw
from matchmaker.contacts.services.moves import Actor
from matchmaker.contacts.services.outcomes import Details, say_outcome
from matchmaker.contacts.services.releases import (
    Shown,
    given,
    log_view,
    revoke,
    share_more,
    visible,
)
from matchmaker.contacts.services.telling import nudge

__all__ = [
    "Actor",
    "Ask",
    "Details",
    "Sent",
    "Shown",
    "accept",
    "decline",
    "expire",
    "given",
    "log_view",
    "nudge",
    "open_request",
    "remind",
    "revoke",
    "say_outcome",
    "send",
    "share_more",
    "visible",
    "why_not",
    "withdraw",
]
