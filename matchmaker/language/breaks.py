"""Line breaks for print: where a script without spaces may be parted."""

from __future__ import annotations

import re

from icu4py.breakers import LineBreaker

from matchmaker.language.text import normalise
from matchmaker.language.words import guess_language

_SPACE = "\u200b"
_RUN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]{2,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]")


def break_opportunities(text: str) -> str:
    """Put U+200B wherever ICU lets a line of Lao, Khmer, Burmese or Thai break.

    For PDF only, whose engine knows no such breaks; without the added U+200B the text is unchanged.
    """
    text = normalise(text)
    if not _UNSPACED.search(text):
        return text
    segments = list(LineBreaker(text, guess_language(text)))
    followers = [*segments[1:], ""]
    return "".join(
        segment + (_SPACE if _glued(segment, following) else "")
        for segment, following in zip(segments, followers, strict=True)
    )


def break_markup(html: str) -> str:
    """The same for the words of a document's body; its tags and head stay as they are."""
    head, body, rest = html.partition("<body")
    return head + body + _RUN.sub(lambda found: break_opportunities(found[0]), rest)


def _glued(segment: str, following: str) -> bool:
    return bool(_UNSPACED.match(segment[-1:]) and _UNSPACED.match(following[:1]))
