"""Password rules and hashing: few hashes at once, so that sign-in cannot starve the pages."""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files

from flask import current_app
from flask_babel import gettext as _
from flask_security.utils import hash_password, verify_password

from matchmaker.errors import MatchmakerError
from matchmaker.language.text import ascii_digits

MIN_LENGTH, MAX_LENGTH = 8, 256
_RAW_LENGTH = 4 * MAX_LENGTH
#: Words of ours that are the first an attacker tries here.
PROGRAMME_WORDS = frozenset(
    {"matchmaker", "matchmaking", "programme", "program", "mekong", "vientiane", "laos", "lao"}
    | {"asean", "cambodia", "thailand", "vietnam", "myanmar", "funder", "investor", "password"}
)
_AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
_WAIT_SECONDS = 5.0
_places = threading.BoundedSemaphore(_AT_ONCE)


class BusyError(MatchmakerError):
    """Too many passwords are being checked at this moment."""


def normalise(password: str) -> str:
    """The same password whatever keyboard or phone it was typed on.

    What is too long anyway is cut first: to compose a long pile of marks takes very long.
    """
    return unicodedata.normalize("NFKC", password[:_RAW_LENGTH])


def problem(password: str, about: tuple[str, ...] = ()) -> str | None:
    """What is wrong with it, in words; `about` holds the person's own name and identity."""
    plain = normalise(password)
    if len(plain) < MIN_LENGTH:
        return _(
            "Use %(number)s characters or more. A short sentence works well.", number=MIN_LENGTH
        )
    if len(plain) > MAX_LENGTH or len(password) > _RAW_LENGTH:
        return _("Use %(number)s characters at most.", number=MAX_LENGTH)
    if "\x00" in plain:
        return _("This has signs that cannot be used in a password.")
    folded = plain.casefold()
    if folded in _common() or _core(folded) in _known_words(about) or len(set(folded)) == 1:
        return _("Many people use this password, so it is easy to guess. Choose another.")
    return None


def hash(password: str) -> str:
    with _place():
        hashed: str = hash_password(normalise(password))
        return hashed


def verify(password: str, hashed: str | None) -> bool:
    """Takes as long for nobody's password as for somebody's."""
    with _place():
        right: bool = verify_password(normalise(password), hashed or _nobody())
        return right and hashed is not None


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise BusyError
    try:
        yield
    finally:
        _places.release()


@lru_cache(maxsize=1)
def _nobody() -> str:
    hashed: str = hash_password(os.urandom(16).hex())
    return hashed


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = files("matchmaker.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(line.casefold() for line in text.splitlines() if not line.startswith("#"))


def _core(folded: str) -> str:
    """The word inside digits and signs: `Mekong2026!` is `mekong`."""
    letters = [c for c in ascii_digits(folded) if unicodedata.category(c)[0] in "LM"]
    return "".join(letters)


def _known_words(about: tuple[str, ...]) -> frozenset[str]:
    words = set(PROGRAMME_WORDS)
    for text in (current_app.config["PROGRAMME_NAME"], *about):
        parts = text.casefold().replace("@", " ").replace(".", " ").split()
        words.update(_core(part) for part in (*parts, text.casefold()))
    return frozenset(word for word in words if len(word) > 2)
