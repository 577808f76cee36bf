"""What people are told of tasks and of their accounts, and the digest."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notifications.kinds.kind import Kind

OTHERS: tuple[Kind, ...] = (
    Kind(
        "task.assigned",
        _l("A task was given to you"),
        _l("A task for you"),
        _l("A task of the programme was given to you."),
    ),
    # The words come from the accounts room, which needs them in one piece for its own flows.
    Kind(
        "account.security",
        _l("Signing in and your account"),
        _l("%(subject)s"),
        _l("%(subject)s"),
        optional=False,
        in_app=False,
    ),
    Kind(
        "notices.digest",
        _l("What you missed yesterday"),
        _l("What happened yesterday"),
        _l("Here is what we did not send you one by one."),
        in_app=False,
    ),
)
