"""Who leaves an organisation is told no more of what they may no longer see."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.models import ContactRequest
from matchmaker.organisations.models import Consortium, ConsortiumFirm, Need, Offer, Organisation
from matchmaker.organisations.services.acting import acting_for


def call_off(session: Session, lost: Select[int], leaver: int) -> None:
    """Unread notices and waiting mails that lead to pages of the organisations they lost."""
    by_room: dict[str, dict[str, set[str]]] = {}
    for path in notifications.unread_paths(session, leaver):
        _, room, public_id, *_rest = [*path.split("/"), "", ""]
        by_room.setdefault(room, {}).setdefault(public_id, set()).add(path)
    gone: set[str] = set()
    for room, closed in _closed(lost, leaver).items():
        named = by_room.get(room, {})
        if named:
            ids = session.scalars(closed.where(closed.selected_columns[0].in_(named)))
            gone.update(*(named[public_id] for public_id in ids))
    notifications.call_off(session, leaver, gone)


def _closed(lost: Select[int], leaver: int) -> dict[str, Select[str]]:
    """Room of an address: the public ids of its pages that are closed to the leaver now."""
    theirs = select(Organisation.public_id).where(Organisation.id.in_(lost))
    return {
        "organisations": theirs,
        "desk": theirs,
        "needs": select(Need.public_id).where(Need.organisation_id.in_(lost)),
        "offers": select(Offer.public_id).where(Offer.organisation_id.in_(lost)),
        "groups": _closed_groups(lost, leaver),
        "requests": _closed_requests(lost, leaver),
    }


def _closed_groups(lost: Select[int], leaver: int) -> Select[str]:
    """Those in which the leaver acts for no firm any more."""
    firms = select(ConsortiumFirm.consortium_id)
    return (
        select(Organisation.public_id)
        .join(Consortium, Consortium.organisation_id == Organisation.id)
        .where(
            Consortium.id.in_(firms.where(ConsortiumFirm.organisation_id.in_(lost))),
            Consortium.id.not_in(
                firms.where(ConsortiumFirm.organisation_id.in_(acting_for(leaver)))
            ),
        )
    )


def _closed_requests(lost: Select[int], leaver: int) -> Select[str]:
    """Those of which the leaver acts for neither side any more."""
    sides = ContactRequest.need_organisation_id, ContactRequest.offer_organisation_id
    return select(ContactRequest.public_id).where(
        sides[0].in_(lost) | sides[1].in_(lost),
        *(side.not_in(acting_for(leaver)) for side in sides),
    )
