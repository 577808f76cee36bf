"""For whom an introducer acts, and what waits there to be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from matchmaker.organisations.models import IntroducerLink, Organisation, OrganisationState

#: Rooms above put in what waits there: a line of words for each organisation that has any.
lines: list[Callable[[Session, Collection[int]], Mapping[int, str]]] = []

_STATES = {
    OrganisationState.DRAFT: _l("The profile is not sent in yet"),
    OrganisationState.SENT_BACK: _l("The reviewer sent it back with a note"),
    OrganisationState.SUSPENDED: _l("The programme has suspended this organisation"),
}


@dataclass(frozen=True, slots=True)
class Client:
    link: IntroducerLink
    organisation: Organisation
    waiting: list[str]


def clients_in(session: Session, links: Iterable[IntroducerLink], introducer: int) -> list[Client]:
    """Those of these links for whom it acts; where something waits comes first."""
    mine = [link for link in links if link.introducer_id == introducer]
    ids = [link.organisation_id for link in mine]
    told = [line(session, ids) for line in lines] if ids else []
    found = [Client(link, link.organisation, _waiting(link.organisation, told)) for link in mine]
    return sorted(found, key=lambda client: (not client.waiting, client.organisation.name))


def _waiting(organisation: Organisation, told: list[Mapping[int, str]]) -> list[str]:
    said = [line[organisation.id] for line in told if organisation.id in line]
    state = _STATES.get(organisation.state)
    return said + ([str(state)] if state else [])


def leads_to_clients(organisation: Organisation) -> bool:
    """A published introducer that is nothing else: those it acts for are its work."""
    other = organisation.is_firm or organisation.is_funder or organisation.is_provider
    return organisation.is_introducer and organisation.is_published and not other
