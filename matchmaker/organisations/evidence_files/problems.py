"""Why a file is not taken; each code has its own words on the page."""

from __future__ import annotations

import enum

from matchmaker.errors import MatchmakerError


class Problem(enum.StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PHOTOS = "too_many_photos"
    TOGETHER_TOO_LARGE = "together_too_large"
    #: Several files, and not all of them pictures.
    NOT_ALL_PHOTOS = "not_all_photos"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    #: The organisation's files take all the room they may.
    NO_ROOM = "no_room"
    #: The disk is full or away.
    NOT_KEPT = "not_kept"


class UnfitFileError(MatchmakerError):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.value)
