"""Texts that no spreadsheet takes for a formula, numbers that read one way, and back again."""

from __future__ import annotations

import re
from decimal import Decimal

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


def figures(value: float | Decimal) -> str:
    """Plain figures with a dot; three behind it would read as thousands, so a 0 follows them."""
    if isinstance(value, float):
        # As many figures as a spreadsheet keeps: 0.1 + 0.2 is 0.3.
        value = Decimal(format(value, ".15g"))
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
