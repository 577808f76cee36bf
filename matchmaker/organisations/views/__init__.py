"""Pages of the organisations room, a file a noun, all on one blueprint."""

from matchmaker.organisations.views import (
    as_seen,
    capacity,
    catalogue,
    check,
    evidence,
    evidence_check,
    exporting,
    importing,
    introducer_link,
    leaving,
    member,
    need,
    offer,
    organisation,
    profile,
    publication,
    self_check,
)
from matchmaker.organisations.views.blueprint import bp

__all__ = [
    "as_seen",
    "bp",
    "capacity",
    "catalogue",
    "check",
    "evidence",
    "evidence_check",
    "exporting",
    "importing",
    "introducer_link",
    "leaving",
    "member",
    "need",
    "offer",
    "organisation",
    "profile",
    "publication",
    "self_check",
]
