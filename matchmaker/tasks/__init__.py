"""What staff and advisers should do next; rooms open tasks, the programme's pages show them."""

from flask import Flask

from matchmaker.tasks import privacy
from matchmaker.tasks.models import Task, TaskKind, TaskState
from matchmaker.tasks.services import (
    assign,
    done,
    find_given,
    given_to,
    hand_over,
    last_opened,
    open,
    settle,
    waiting,
)

__all__ = [
    "Task",
    "TaskKind",
    "TaskState",
    "assign",
    "done",
    "find_given",
    "given_to",
    "hand_over",
    "last_opened",
    "open",
    "register",
    "settle",
    "waiting",
]


def register(app: Flask) -> None:
    """Tasks have no pages of their own: the programme room shows them."""
    privacy.register()
