"""Pages of the organisations room, a file a noun, all on one blueprint."""

from matchmaker.organisations.views import (
    catalogue,
    need,
    offer,
    organisation,
    profile,
    publication,
)
from matchmaker.organisations.views.blueprint import bp

__all__ = ["bp", "catalogue", "need", "offer", "organisation", "profile", "publication"]
