"""Pages of the contacts room."""

from matchmaker.contacts.views import answer, ask, inbox, outcomes, request_page, shared
from matchmaker.contacts.views.blueprint import bp

__all__ = ["answer", "ask", "bp", "inbox", "outcomes", "request_page", "shared"]
