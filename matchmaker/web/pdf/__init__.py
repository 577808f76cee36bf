"""A page of ours as PDF, where the extra `[pdf]` is installed; elsewhere browsers print it."""

from __future__ import annotations

from importlib.util import find_spec

from matchmaker.errors import MatchmakerError
from matchmaker.language.breaks import break_markup

#: Of the mark-up: a sheet of paper is far below; it is what bounds the time that setting takes.
MOST_CHARACTERS = 60_000


class CannotSetError(MatchmakerError):
    """This sheet cannot be made here: print the page from the browser instead."""


class NoEngineError(CannotSetError):
    """The engine, or the libraries of the system that it needs, are not installed."""


class TooLongError(CannotSetError):
    """More mark-up than MOST_CHARACTERS."""


class NoLettersError(CannotSetError):
    """No font here has all letters of the text: Chinese uses a font of the machine."""


class BusyError(CannotSetError):
    """This worker is setting another sheet."""


def installed() -> bool:
    return find_spec("weasyprint") is not None


def warm_up() -> None:
    """Load engine and fonts where somebody is about to ask for a PDF; in vain without an engine.

    A second of work that the first sheet of a worker would otherwise wait for.
    """
    if not installed():
        return
    try:
        from matchmaker.web.pdf import engine
    except (ImportError, OSError):
        return
    engine.warm_up()


def as_pdf(html: str, css: str, tighter: str = "") -> bytes:
    """Set a whole document; with ``tighter`` added to the sheet if it takes more than one page.

    Nothing is fetched but our own fonts, whatever the document names.
    """
    if len(html) > MOST_CHARACTERS:
        raise TooLongError(f"{len(html)} characters")
    try:
        # The engine takes a second to load and is optional: only who asks for a PDF pays for it.
        from matchmaker.web.pdf import engine
    except (ImportError, OSError) as error:
        raise NoEngineError(str(error)) from error
    return engine.as_pdf(break_markup(html), css, tighter)
