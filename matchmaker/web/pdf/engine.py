"""Setting a document with WeasyPrint: our own fonts, and text that can be taken out again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from matchmaker.web.pdf import BusyError, NoLettersError
from matchmaker.web.pdf.spoken import Fonts, write_texts

# Loading WeasyPrint makes Pillow take truncated pictures, in the whole process; of what people send
# they are refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

_WEIGHT = re.compile(r"-(\d{3})(?:-normal)?\.woff2")
#: A name that no network knows: only `_OurFonts` answers to it.
_SCHEME = "our-font:"
#: One at a time in a worker: Pango keeps its fonts to itself, and a heap of sheets must not take
#: all threads.
_ONE = Lock()
_WAIT_SECONDS = 5


class _OurFonts(URLFetcher):  # type: ignore[misc]
    """Gives the fonts of static/fonts by name, and refuses every other address unread."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        path = _fonts().get(url.removeprefix(_SCHEME)) if url.startswith(_SCHEME) else None
        if path is None:
            raise ValueError("not one of our fonts")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})


def as_pdf(html: str, css: str, tighter: str) -> bytes:
    """Set it; NoLettersError where a letter would come out as an empty box, BusyError."""
    if not _ONE.acquire(timeout=_WAIT_SECONDS):
        raise BusyError
    try:
        return _set(html, [css, css + tighter] if tighter else [css])
    finally:
        _ONE.release()


def warm_up() -> None:
    """Unpack the fonts, once a worker; nobody waits for it, so it waits for nobody."""
    if _loaded.cache_info().currsize or not _ONE.acquire(blocking=False):
        return
    try:
        _loaded()
    finally:
        _ONE.release()


def _set(html: str, tries: Sequence[str]) -> bytes:
    config, faces = _loaded()
    fetcher = _OurFonts()
    page = HTML(string=html, url_fetcher=fetcher)
    for css in tries:
        sheet = CSS(string=css, font_config=config, url_fetcher=fetcher)
        document = page.render(font_config=config, stylesheets=[faces, sheet])
        if len(document.pages) == 1:
            break
    # Kept by style, for as long as the fonts are.
    config.strut_layouts.clear()
    document.fonts = drawn = Fonts()
    pdf: bytes = document.write_pdf(finisher=lambda _, made: write_texts(drawn, made))
    if drawn.missing:
        raise NoLettersError(", ".join(f"U+{code:04X}" for code in sorted(drawn.missing)))
    return pdf


@cache
def _loaded() -> tuple[FontConfiguration, CSS]:
    """Our fonts beside those of the machine: unpacked once a worker."""
    config = FontConfiguration()
    return config, CSS(string=_faces(), font_config=config, url_fetcher=_OurFonts())


@cache
def _fonts() -> dict[str, Path]:
    folder = Path(str(current_app.static_folder)) / "fonts"
    return {path.name: path for path in folder.glob("*.woff2")}


def _faces() -> str:
    """Each file is a family of its own; a sheet uses `var(--strong)` where it writes bold.

    Of two files of one family and weight WeasyPrint embeds but the first, and draws the letters of
    the other with it; of two weights fontconfig takes the one whose own name the machine prefers
    (70.0).
    """
    faces, families = [], dict[str, list[str]]()
    # Latin before the others, whose own Latin letters are few or none.
    for name in sorted(_fonts(), key=lambda name: ("latin" not in name, name)):
        found = _WEIGHT.search(name)
        weight, family = found[1] if found else "400", f'"{Path(name).stem}"'
        families.setdefault(weight, []).append(family)
        faces.append(
            f"@font-face{{font-family:{family};font-weight:{weight};src:url({_SCHEME}{name})}}"
        )
    regular = ",".join([*families["400"], "sans-serif"])
    strong = ",".join([*families["600"], regular])
    rule = f"html{{--regular:{regular};--strong:{strong};font-family:var(--regular)}}"
    return "".join([*faces, rule])
