"""What people are told of the saved views of their desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notifications.kinds.kind import Kind

VIEWS: tuple[Kind, ...] = (
    Kind(
        "views.new_firms",
        _l("New firms in your saved views, once a week"),
        _l("New firms in your saved views"),
        _l("New firms fit your saved views since we last wrote to you."),
    ),
)
