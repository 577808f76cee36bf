"""Staff pages, a file a noun; importing them hangs them on the blueprint."""

from matchmaker.programme.views import (
    imports,
    jobs,
    model,
    reports,
    requests,
    reviews,
    staff_accounts,
    statistics,
    stories,
    tasks,
)
from matchmaker.programme.views.blueprint import bp

__all__ = [
    "bp",
    "imports",
    "jobs",
    "model",
    "reports",
    "requests",
    "reviews",
    "staff_accounts",
    "statistics",
    "stories",
    "tasks",
]
