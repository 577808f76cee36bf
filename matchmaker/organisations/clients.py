"""For whom an introducer acts, and what waits there to be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.language.keys import search_key
from matchmaker.organisations.models import IntroducerLink, Organisation, OrganisationState

#: Rooms above put in what waits there: a line of words for each organisation that has any.
lines: list[Callable[[Session, Collection[int]], Mapping[int, str]]] = []
PAGE_SIZE = 50

_STATES = {
    OrganisationState.DRAFT: _l("The profile is not sent in yet"),
    OrganisationState.SENT_BACK: _l("The reviewer sent it back with a note"),
    OrganisationState.SUSPENDED: _l("The programme has suspended this organisation"),
}


@dataclass(frozen=True, slots=True)
class Client:
    link_id: int
    public_id: str
    name: str
    name_lang: str
    waiting: list[str]


@dataclass(frozen=True, slots=True)
class ClientPage:
    clients: Sequence[Client]
    #: Of all for whom it acts, found or not.
    total: int
    #: The last one shown, after which the next page goes on; None on the last page.
    after: str | None


def clients_of(session: Session, introducer: int, named: str = "", after: str = "") -> ClientPage:
    """For whom it acts, by name, where something waits first: as many queries for a thousand."""
    query = (
        select(
            IntroducerLink.id,
            Organisation.id,
            Organisation.public_id,
            Organisation.name,
            Organisation.name_latin,
            Organisation.name_lang,
            Organisation.state,
        )
        .join(Organisation, Organisation.id == IntroducerLink.organisation_id)
        .where(IntroducerLink.introducer_id == introducer, IntroducerLink.ended_at.is_(None))
    )
    rows = session.execute(query).all()
    wanted = search_key(named)
    ids = [row[1] for row in rows]
    told = [line(session, ids) for line in lines] if ids else []
    found = [
        Client(link_id, public_id, name, lang, _waiting(one, state, told))
        for link_id, one, public_id, name, latin, lang, state in rows
        if wanted in search_key(f"{name} {latin}")
    ]
    found.sort(key=lambda client: (not client.waiting, client.name, client.link_id))
    first = next((at for at, one in enumerate(found, 1) if one.public_id == after), 0)
    shown = found[first : first + PAGE_SIZE]
    more = len(found) > first + PAGE_SIZE
    return ClientPage(shown, len(rows), shown[-1].public_id if more else None)


def _waiting(
    organisation_id: int, state: OrganisationState, told: Sequence[Mapping[int, str]]
) -> list[str]:
    said = [line[organisation_id] for line in told if organisation_id in line]
    word = _STATES.get(state)
    return said + ([str(word)] if word else [])


def leads_to_clients(organisation: Organisation) -> bool:
    """A published introducer that is nothing else: those it acts for are its work."""
    other = organisation.is_firm or organisation.is_funder or organisation.is_provider
    return organisation.is_introducer and organisation.is_published and not other
