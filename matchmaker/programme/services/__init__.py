"""What the programme room does, for its own views and for the rooms above it."""

from matchmaker.programme.services.public import public_figures
from matchmaker.programme.services.rollups.rolling import request_count

__all__ = ["public_figures", "request_count"]
