"""Texts that no spreadsheet takes for a formula, and back again without loss."""

from __future__ import annotations

import re

#: What makes a spreadsheet take a text for a formula, ASCII and full width.
_STARTS = "=+\\-@\t\r\0＝＋－＠"
#: A spreadsheet may trim these before it looks.
_UNSEEN = "[ \\t\\r\\n\\0\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff]*"
_FORMULA = re.compile(f"[{_STARTS}]|{_UNSEEN}[{_STARTS}]")
_MARKED = re.compile(f"'+(?:[{_STARTS}]|{_UNSEEN}[{_STARTS}])")


def safe(text: str) -> str:
    """Put a mark before what looks like a formula, and before what bears the mark already."""
    text = text.replace("\0", "")
    return f"'{text}" if _FORMULA.match(text) or _MARKED.match(text) else text


def plain(text: str) -> str:
    """Take the mark of `safe` off."""
    return text[1:] if _MARKED.match(text) else text
