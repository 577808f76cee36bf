"""Where each role begins, and the numbers that a visitor sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.web.access import staff_rank


def first_page() -> str:
    return "programme.statistics" if staff_rank() else "organisations.mine"


def figures(session: Session) -> object | None:
    """Filled by the roll-ups of the programme room."""
    return None
