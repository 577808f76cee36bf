"""Who is told what about a request: the people of the side concerned, in their own languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.accounts.models import Account
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services.moves import note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.notifications import Recipient
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import adviser, consortium_standing, consortium_telling
from matchmaker.organisations.services import people as speaking
from matchmaker.suggestions.models import Side
from matchmaker.tasks import TaskKind

#: What all firms of a group are told, when the request is the group's.
GROUP_NEWS = frozenset(
    {"request.received", "request.accepted", "request.declined", "request.expired"}
)


def tell(
    session: Session,
    request: ContactRequest,
    kind: str,
    side: Side,
    to: Sequence[Account] | None = None,
    **facts: Any,
) -> int:
    """Queue the notice for everybody who acts for a side, or for some; returns how many."""
    found = readers(session, request, side) if to is None else to
    facts = {
        "title": title(request),
        "party": party(session, request, other(side)),
        "path": notifications.path_to("contacts.request_page", public_id=request.public_id),
        **facts,
    }
    for account in found:
        notifications.queue(session, recipient(account), kind, facts)
    if kind in GROUP_NEWS and request.asked_by is Side.NEED:
        _tell_group(session, request)
    return len(found)


def _tell_group(session: Session, request: ContactRequest) -> None:
    """Every firm of a group learns that its request went out, and what was answered."""
    group = consortium_standing.of_organisation(session, request.need_organisation_id)
    if group is not None:
        consortium_telling.tell_firms(session, group, "group.news", group.coordinator_id)


def recipient(account: Account) -> Recipient:
    """Mail goes only to an address that its owner has confirmed."""
    address = account.email if account.confirmed_at else None
    return Recipient(account.id, address, account.language)


def readers(session: Session, request: ContactRequest, side: Side) -> list[Account]:
    """The people of the side, and an adviser who sent the request for it."""
    organisation_id = request.organisation_id(side)
    found = people(session, organisation_id)
    if side is request.asked_by and request.sender_id not in {one.id for one in found}:
        advisers = speaking.introducing(session, organisation_id)
        found += [one for one in advisers if one.id == request.sender_id]
    return found


def people(session: Session, organisation_id: int) -> list[Account]:
    """Its members; where nobody signs in for it, the people of those who introduced it."""
    return speaking.people(session, organisation_id)


def title(request: ContactRequest) -> str:
    """The request is about what the asked side put up."""
    return request.offer.title if request.asked is Side.OFFER else request.need.title


def party(session: Session, request: ContactRequest, side: Side) -> str | dict[str, str]:
    """The other side's name if it shows it or has released it, else where it is."""
    organisation = request.organisation(side)
    if side is Side.OFFER or name_shown(session, request, organisation):
        return organisation.name
    return unnamed(organisation)


def name_shown(session: Session, request: ContactRequest, organisation: Organisation) -> bool:
    if organisation.show_name:
        return True
    if request.state not in (RequestState.ACCEPTED, RequestState.CLOSED):
        return False
    return any(
        row.organisation_id == organisation.id and row.field == "name" and row.revoked_at is None
        for row in request.releases
    )


def tell_of_pause(session: Session, organisation: Organisation) -> None:
    """Its people, or who introduced it: nobody suggests it until it answers or comes back."""
    path = notifications.path_to(
        "organisations.organisation_page", public_id=organisation.public_id
    )
    for account in people(session, organisation.id):
        facts = {"name": organisation.name, "path": path}
        notifications.queue(session, recipient(account), "organisation.paused_itself", facts)


def open_task(session: Session, request: ContactRequest, kind: TaskKind, side: Side) -> None:
    """Something for an adviser to look after, on behalf of a side.

    Where an introducer vouches for the organisation, the task is its people's; else it is of the
    programme's adviser for the province, where there is one.
    """
    organisation = request.organisation(side)
    person = adviser.person_for(session, organisation)
    tasks.open(
        session,
        kind,
        "contact_request",
        request.id,
        province=organisation.province,
        organisation_id=organisation.id,
        facts={
            "reason": request.decline_reason,
            "province": organisation.province,
            "public_id": request.public_id,
        },
        assigned_to_id=person,
    )
    if person is not None and person not in {one.id for one in people(session, organisation.id)}:
        account = session.get_one(Account, person)
        path = notifications.path_to("contacts.request_page", public_id=request.public_id)
        if account.is_staff:
            path = notifications.path_to("programme.tasks")
        notifications.queue(session, recipient(account), "task.assigned", {"path": path})


def nudge(session: Session, request: ContactRequest, account_id: int) -> None:
    """The programme asks the silent side to answer."""
    if not request.is_answerable(clock.now()):
        raise WrongState(f"the request is {request.state}")
    note(session, request, EventKind.NUDGED, None, staff_id=account_id)
    tell(session, request, "request.nudged", request.asked)
