"""Pages of the screening room."""

from matchmaker.screening.views import firms, saved_views
from matchmaker.screening.views.blueprint import bp

__all__ = ["bp", "firms", "saved_views"]
