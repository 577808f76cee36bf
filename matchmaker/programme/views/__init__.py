"""Staff pages, a file a noun; importing them hangs them on the blueprint."""

from matchmaker.programme.views import statistics
from matchmaker.programme.views.blueprint import bp

__all__ = ["bp", "statistics"]
