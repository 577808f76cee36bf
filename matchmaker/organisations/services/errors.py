"""What can go wrong in this room, by name."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.errors import MatchmakerError


class IncompleteError(MatchmakerError):
    """What must be known before it can be published is missing; `missing` names the fields."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(self.missing))


class NoPlaceLeftError(MatchmakerError):
    """The offer has taken all the requests it can handle this month."""


class LastOwnerError(MatchmakerError):
    """An organisation keeps at least one owner."""


class OwnCaseError(MatchmakerError):
    """Staff do not decide about an organisation they belong to."""


class NoConsentError(MatchmakerError):
    """Nobody who owns the organisation agreed to have it matched."""


class AlreadyMemberError(MatchmakerError):
    """The account belongs to the organisation already."""


class AlreadyLinkedError(MatchmakerError):
    """The introducer acts for the organisation already."""


class ActsForOthersError(MatchmakerError):
    """Those for whom the introducer acts would lose it without a word."""


class FullError(MatchmakerError):
    """No more fit: `what` is "products" or "photos"."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)
