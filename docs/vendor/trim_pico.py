"""Cut from Pico what no page of ours uses.

    python docs/vendor/trim_pico.py pico.min.css > static/css/pico.trim.min.css

The first visit has a weight budget (static/VENDOR.md); what is dropped here is half of Pico.
Selectors are dropped one by one, a rule only when none of its selectors is left.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

UNUSED = re.compile(
    r":host|dialog|modal|dropdown|role=(?:search|group|switch|button|link)|type=(?:color|range|search|"
    r"reset|button|time|week|datetime-local)|\.container|\.grid|tooltip|\.contrast|\.secondary|"
    r"\.outline|dir=rtl|aside|breadcrumb|-ms-|hgroup|blockquote|figure|kbd|samp|audio|video|iframe|"
    r"canvas|striped|article[ >]|aria-invalid=false|\bnav\b|overflow-auto|-moz-list-bullet|"
    r"-moz-focus-inner|-moz-ui-invalid|multiple\]|tooltip|progress:indeterminate|@-moz-document|"
    r"\binput\+small|^sub|^sup|^ins$|^del$|^mark$|abbr|^h[1-6]\b(?!,)|\baria-controls|"
    r"@keyframes (?:modal|progress|tooltip)"
)
# Lists in which an unused selector stands among used ones inside :not(...) or :is(...) stay.
HARMLESS = re.compile(r":(?:not|is|where)\([^()]*\)")
# The theme sets these beside the colours we hand over; each is for a part dropped above.
UNUSED_VARIABLES = re.compile(
    r"--pico-(?:modal|dropdown|tooltip|switch|range|group|contrast|secondary|mark|ins|del|kbd|code-kbd|"
    r"blockquote|nav-breadcrumb|form-element-valid|icon-valid|icon-search|icon-time|icon-close|"
    r"accordion-border|form-element-valid)[\w-]*:"
)


def split(text: str, separator: str) -> list[str]:
    """Cut at a separator that stands outside brackets, parentheses and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[at - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == separator and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def rules(css: str) -> list[tuple[str, str]]:
    """Cut a sheet into (what stands before the brace, what stands inside)."""
    found, at = [], 0
    while (open_ := css.find("{", at)) >= 0:
        depth, close = 1, open_ + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[close], 0)
            close += 1
        found.append((css[at:open_], css[open_ + 1 : close - 1]))
        at = close
    return found


def unused(selector: str) -> bool:
    bare = HARMLESS.sub("", HARMLESS.sub("", selector))
    kept_by_host = selector.replace(":host", "")
    return bool(UNUSED.search(bare)) or kept_by_host != selector


def trim(css: str) -> str:
    out = []
    for before, inside in rules(css):
        if before.startswith(("@media", "@supports")):
            inner = trim(inside)
            out.append(f"{before}{{{inner}}}" if inner else "")
            continue
        kept = [one for one in split(before, ",") if not unused(one)]
        if kept and inside:
            lines = [one for one in split(inside, ";") if not UNUSED_VARIABLES.match(one)]
            out.append(f"{','.join(kept)}{{{';'.join(lines)}}}" if lines else "")
    return "".join(out)


if __name__ == "__main__":
    sheet = Path(sys.argv[1]).read_text(encoding="utf-8").removeprefix('@charset "UTF-8";')
    comment, _, body = sheet.partition("*/")
    sys.stdout.write(
        f'@charset "UTF-8";{comment}, trimmed by docs/vendor/trim_pico.py\n */{trim(body)}'
    )
