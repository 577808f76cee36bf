"""What people are told of their desk: of its saved views, and of what a colleague gives them."""

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
    Kind(
        "pipeline.given",
        _l("A colleague gives you a firm or a task of the pipeline"),
        _l("Something in the pipeline is yours now"),
        _l("A colleague gave you a firm or a task of your pipeline."),
    ),
)
