"""Tasks in scope, with what they are about, in a fixed number of queries."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.accounts.access import StaffScope
from matchmaker.accounts.models import Account
from matchmaker.contacts.models import ContactRequest
from matchmaker.notifications import Recipient
from matchmaker.organisations.models import Need, Organisation
from matchmaker.programme.services.scopes import organisations_in
from matchmaker.programme.services.statistics.selection import codes_meaning
from matchmaker.tasks import Task, TaskState

LISTED = 50


class Whose(enum.StrEnum):
    ALL = "all"
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Item:
    task: Task
    #: The organisation concerned, if it is still there.
    organisation: Organisation | None
    assigned_to: Account | None
    #: Public id of what it is about: an organisation, a request, a need, a message.
    subject_public_id: str


def waiting(
    session: Session, scope: StaffScope, whose: Whose, account_id: int, limit: int = LISTED
) -> Sequence[Item]:
    """Open tasks, the oldest first."""
    query = _query(scope).where(Task.state == TaskState.OPEN)
    if whose is Whose.MINE:
        query = query.where(Task.assigned_to_id == account_id)
    elif whose is Whose.NOBODY:
        query = query.where(Task.assigned_to_id.is_(None))
    rows = session.execute(query.order_by(Task.opened_at, Task.id).limit(limit)).all()
    return _items(session, rows)


def find(session: Session, scope: StaffScope, public_id: str) -> Item | None:
    rows = session.execute(_query(scope).where(Task.public_id == public_id)).all()
    return next(iter(_items(session, rows)), None)


def give(session: Session, task: Task, to: Account, by_id: int) -> None:
    """Put a task in somebody's hands; they are told unless they took it themselves."""
    tasks.assign(session, task, to.id, by_id)
    if to.id != by_id:
        recipient = Recipient(to.id, to.email, to.language)
        notifications.queue(session, recipient, "task.assigned", {"path": "/programme/tasks"})


def _query(scope: StaffScope) -> Any:
    return (
        select(Task, Organisation, Account)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(Account, Account.id == Task.assigned_to_id)
        .where(*_in_scope(scope))
    )


def _in_scope(scope: StaffScope) -> list[ColumnElement[bool]]:
    """A task without an organisation belongs to its province; without one to all of them."""
    if scope.everything:
        return []
    parts = [organisations_in(scope)]
    if scope.provinces:
        parts.append(
            Task.organisation_id.is_(None) & Task.province.in_(codes_meaning(scope.provinces))
        )
    return [or_(*parts)]


def _items(session: Session, rows: Sequence[Any]) -> list[Item]:
    public = {
        subject: _public_ids(
            session, model, [task.subject_id for task, *_ in rows if task.subject == subject]
        )
        for subject, model in (("contact_request", ContactRequest), ("need", Need))
    }
    return [
        Item(task, organisation, account, _public_id(task, organisation, public))
        for task, organisation, account in rows
    ]


def _public_id(
    task: Task, organisation: Organisation | None, public: dict[str, dict[int, str]]
) -> str:
    if task.subject == "organisation" and organisation is not None:
        return organisation.public_id
    if task.subject in public:
        return public[task.subject].get(task.subject_id, "")
    return str(task.facts.get("public_id", ""))


def _public_ids(session: Session, model: Any, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(model.id, model.public_id).where(model.id.in_(ids)))
    return {row_id: public_id for row_id, public_id in rows}  # noqa: C416
