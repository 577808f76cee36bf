"""Why something of the desk cannot be done; views turn it into words."""

from __future__ import annotations

from matchmaker.errors import MatchmakerError


class StageGoneError(MatchmakerError):
    """A colleague removed the stage in the meantime."""


class StageNotEmptyError(MatchmakerError):
    """Firms stand in the stage."""


class StageNeededError(MatchmakerError):
    """The one for those who were passed, or the last one, cannot be removed."""


class TooManyStagesError(MatchmakerError):
    """The organisation has as many as one may have."""
