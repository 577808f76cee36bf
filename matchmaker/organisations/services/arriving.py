"""Many new organisations at once, each as if it had been made, sent in and published by itself.

One by one that is some thirty statements each, all inside the one transaction of an import, which
on SQLite keeps everybody else from saving. Here rows are made by the same functions and go in
batches; a test holds the outcome against the services one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import (
    BusinessId,
    IntroducerLink,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import notice, review
from matchmaker.organisations.services.business_id import number_key
from matchmaker.organisations.services.errors import IncompleteError
from matchmaker.organisations.services.introducer_link import CONSENT_VERSION
from matchmaker.organisations.services.publication import kind_of, out_now
from matchmaker.tasks import TaskKind


@dataclass(slots=True)
class Arrival:
    """A drafted organisation, with its drafted needs and offers hanging on it."""

    organisation: Organisation
    listings: list[Need | Offer] = field(default_factory=list)
    ids: Sequence[tuple[str, str]] = ()
    facts: dict[str, bool] = field(default_factory=dict)
    link: IntroducerLink | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """How they come in: for review, published with a second look, or looked at and published."""

    publish: bool = False
    publish_first: bool = False


def arrive(session: Session, by: int | None, arrivals: Sequence[Arrival], entry: Entry) -> None:
    """Write them all with a few statements; raises IncompleteError as sending one in would."""
    for one in arrivals:
        lacking = review.missing(one.organisation)
        if lacking:
            raise IncompleteError(lacking)
        _bring_in(one.organisation, entry)
        _hang_on(one)
        session.add(one.organisation)
        session.add_all(one.listings)
        if one.link is not None:
            session.add(one.link)
    session.flush()
    for one in arrivals:
        _tell(session, by, one, entry)
    session.flush()


def consented(
    introducer: Organisation, organisation: Organisation, by: int, who: str, how: str
) -> IntroducerLink:
    return IntroducerLink(
        introducer=introducer,
        organisation=organisation,
        consent_by=who,
        consent_how=how,
        consent_version=CONSENT_VERSION,
        recorded_by_id=by,
    )


def _bring_in(row: Organisation, entry: Entry) -> None:
    now = clock.now()
    row.submitted_at, row.state = now, OrganisationState.IN_REVIEW
    if entry.publish or entry.publish_first:
        row.published_at, row.state = now, OrganisationState.PUBLISHED
        row.second_look_at = None if entry.publish else now


def _hang_on(one: Arrival) -> None:
    row = one.organisation
    numbers = {(scheme, number_key(number)): number for scheme, number in reversed(one.ids)}
    row.business_ids = [
        BusinessId(scheme=scheme, number=number, number_key=key)
        for (scheme, key), number in reversed(numbers.items())
    ]
    row.facts = [OrganisationFact(fact=fact, value=value) for fact, value in one.facts.items()]
    for listing in one.listings:
        if row.is_published and listing.ready:
            listing.state = PublicationState.PUBLISHED
            for name, value in out_now().items():
                setattr(listing, name, value)


def _tell(session: Session, by: int | None, one: Arrival, entry: Entry) -> None:
    """The same events and change numbers; whom to tell there is nobody yet."""
    row = one.organisation
    changes.note(session, ChangeKind.ORGANISATION, row.id)
    _record(session, by, row, "organisation", row.id, ["organisation.created"])
    for code, said in (("ids", one.ids), ("evidence", one.facts)):
        if said:
            _record(session, by, row, "organisation", row.id, ["organisation.changed"], code)
    for listing in one.listings:
        kind = kind_of(listing)
        changes.note(session, kind, listing.id)
        out = listing.state is PublicationState.PUBLISHED
        events = [f"{kind}.created", *([f"{kind}.published"] if out else [])]
        _record(session, by, row, str(kind), listing.id, events)
    if one.link is not None:
        subject, code = "introducer_link", one.link.consent_how
        _record(session, by, row, subject, one.link.id, ["introducer_link.made"], code)
    states = [f"organisation.{row.state}"]
    if entry.publish:
        states.insert(0, f"organisation.{OrganisationState.IN_REVIEW}")
    else:
        first = row.is_published
        notice.open_task(session, row, TaskKind.SECOND_LOOK if first else TaskKind.REVIEW)
    _record(session, by, row, "organisation", row.id, states)


def _record(
    session: Session,
    by: int | None,
    row: Organisation,
    subject: str,
    subject_id: int,
    events: Sequence[str],
    code: str = "",
) -> None:
    for event in events:
        audit.record(
            session,
            event,
            account_id=by,
            subject=subject,
            subject_id=subject_id,
            organisation_id=row.id,
            code=code,
        )
