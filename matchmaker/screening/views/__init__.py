"""Pages of the screening room."""

from matchmaker.screening.views.blueprint import bp

__all__ = ["bp"]
