"""Hides ways to reach somebody in a text, so that a need can be shown before anyone said yes."""

from __future__ import annotations

import re

from matchmaker.language.text import ascii_digits

MASK = "•••"
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d.,])\+?\d(?:[ .()-]?\d){7,14}(?![\d.,]?\d)")


def mask_contacts(text: str) -> str:
    """The text with e-mail addresses, links and telephone numbers replaced by •••."""
    text = _LINK.sub(MASK, _EMAIL.sub(MASK, text))
    found = [match.span() for match in _PHONE.finditer(ascii_digits(text))]
    for start, end in reversed(found):
        text = text[:start] + MASK + text[end:]
    return text
