"""Why a request cannot be sent; each has its own words on the page."""

from __future__ import annotations

from datetime import datetime

from matchmaker.errors import MatchmakerError, WrongState


class CannotAskError(MatchmakerError):
    """The rules of asking say no; subclasses say which."""


class NotOpenError(CannotAskError):
    """The need, the offer or one of the organisations is not published."""


class OwnPairError(CannotAskError):
    """Need and offer belong to the same organisation."""


class NotDeployingError(CannotAskError):
    """The offer takes no requests now."""


class NoPlacesError(CannotAskError):
    """The offer has taken all the requests it can handle this month."""


class FrozenError(CannotAskError):
    """One side said no to the other not long ago."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("frozen")
        self.until = until


class AskedAboutAnotherError(CannotAskError):
    """A request of this need about another of their offers is open; a pair has one at a time."""

    def __init__(self, request_id: str, title: str) -> None:
        super().__init__("asked about another offer")
        self.request_id, self.title = request_id, title


class SenderLimitError(CannotAskError):
    """This person has sent as many requests today as one may."""


class ReceiverLimitError(CannotAskError):
    """The other side has too many requests waiting unread."""


class BadAnswerError(MatchmakerError):
    """The answer lacks what it needs: a known reason, or a way to be reached."""


class ClosedConversationError(WrongState):
    """Nobody writes here: not said yes to, closed, ended by a side, or a side is suspended."""


class MessageLimitError(MatchmakerError):
    """This person has written as many messages today as one may."""


class ReportLimitError(MatchmakerError):
    """This person has reported as often today as one may."""


class MeetingOpenError(MatchmakerError):
    """Times wait for an answer, or one is agreed on: first those, then others."""


class AskedAlreadyError(MatchmakerError):
    """This piece, or this question, waits for the other side's answer already."""


class TooManyAsksError(MatchmakerError):
    """As many questions as one side may have open wait for an answer."""
