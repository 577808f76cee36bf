"""What the room holds about a person, for export and erasure."""

from __future__ import annotations


def register() -> None:
    """Each table with a person's words or name adds its holder here."""
