"""One line of the first page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: what it is about, why, and the button."""

    kicker: str
    title: str
    button: str
    url: str
    detail: str = ""
    #: Language of a title that is somebody's own words.
    lang: str = ""
    points: int | None = None
    #: Where a button sends a form: it changes something.
    done_url: str = ""
