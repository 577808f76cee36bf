"""Contact details: released by name, shown while released, each look written down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.contacts import fields
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.fields import Field
from matchmaker.contacts.models import ContactRequest, ContactView, Release, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held, writing_session
from matchmaker.organisations.models import OrganisationState
from matchmaker.organisations.services.consortium_standing import is_silenced
from matchmaker.suggestions.models import Side

IN_TOUCH = (RequestState.ACCEPTED, RequestState.CLOSED)
#: How long a page waits to write down the look; without it nothing is shown.
LOG_LOCK_MS = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    field: Field
    value: str


def check_choice(request: ContactRequest, side: Side, chosen: Collection[str]) -> None:
    """Only what the organisation has can be released; one of the two must be reachable then."""
    have = {field.name for field in fields.available(request.organisation(side), side)}
    if not set(chosen) <= have:
        raise BadAnswerError("fields")
    ways = have & set(fields.WAYS)
    if ways and not ways & set(chosen) and not promised_ways(request):
        raise BadAnswerError("no way to be reached")


def promised(request: ContactRequest) -> list[Field]:
    """What a yes will show of the asker."""
    have = fields.available(request.organisation(request.asked_by), request.asked_by)
    return [field for field in have if field.name in request.promised]


def promised_ways(request: ContactRequest) -> list[Field]:
    """The ways to reach the asker that a yes will show."""
    return [field for field in promised(request) if field.name in fields.WAYS]


def release(
    session: Session, request: ContactRequest, side: Side, chosen: Collection[str], by: int | None
) -> None:
    """Write the releases of one side; one that was taken back before is given anew."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for name in chosen:
        values = {
            "contact_request_id": request.id,
            "organisation_id": request.organisation_id(side),
            "to_organisation_id": request.organisation_id(other(side)),
            "field": name,
            "released_by_id": by,
            "released_at": clock.now(),
            "revoked_at": None,
            "revoked_by_id": None,
        }
        session.execute(
            dialect.insert(Release)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["contact_request_id", "organisation_id", "field"], set_=values
            )
        )
    # Read once a page, and afresh after each change.
    session.expire(request, ["releases"])


def share_more(
    session: Session, request: ContactRequest, by: Actor, chosen: Collection[str]
) -> None:
    """Release further fields after the yes; of two who share the same, one writes it down."""
    held(session, ContactRequest, request.id)
    session.expire(request, ["releases"])
    if request.state not in IN_TOUCH:
        raise WrongState(f"the request is {request.state}")
    if is_silenced(session, request.organisation_id(by.side)):
        raise WrongState("who speaks for the group is not published")
    have = {field.name for field in fields.available(request.organisation(by.side), by.side)}
    fresh = sorted((set(chosen) & have) - set(released(session, request, by.side)))
    release(session, request, by.side, fresh, by.account_id)
    for name in fresh:
        note(session, request, EventKind.RELEASED, by, name)


def revoke(session: Session, request: ContactRequest, by: Actor, names: Collection[str]) -> None:
    """Take fields back: the next page of the other side no longer has them."""
    gone = session.scalars(
        update(Release)
        .where(
            Release.contact_request_id == request.id,
            Release.organisation_id == request.organisation_id(by.side),
            Release.field.in_(names),
            Release.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now(), revoked_by_id=by.account_id)
        .returning(Release.field)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire(request, ["releases"])
    for name in gone:
        note(session, request, EventKind.REVOKED, by, name)
    if gone:
        telling.tell(session, request, "release.revoked", other(by.side))


def released(session: Session, request: ContactRequest, side: Side) -> list[str]:
    """The names of what a side shares now."""
    owner = request.organisation_id(side)
    return [
        row.field
        for row in request.releases
        if row.organisation_id == owner and row.revoked_at is None
    ]


def given(session: Session, request: ContactRequest, side: Side) -> list[Field]:
    """What a side shares with the other now."""
    names = set(released(session, request, side)) if request.state in IN_TOUCH else set()
    return [field for field in fields.FIELDS.values() if field.name in names]


def visible(session: Session, request: ContactRequest, viewer: Side) -> list[Shown]:
    """What one side may see of the other now: nothing before a yes, after it was taken
    back, after one of the two ended it, or while one is suspended."""
    owner, reader = request.organisation(other(viewer)), request.organisation(viewer)
    suspended = OrganisationState.SUSPENDED in (owner.state, reader.state)
    if request.state not in IN_TOUCH or request.blocked_by or suspended:
        return []
    given = set(released(session, request, other(viewer)))
    return [
        Shown(field, fields.value(owner, field.name))
        for field in fields.FIELDS.values()
        if field.name in given and fields.value(owner, field.name)
    ]


def log_view(
    engine: Engine, request: ContactRequest, viewer: Actor, shown: Sequence[Shown]
) -> None:
    """Write down who looks at what before it is shown; raises OperationalError when it cannot."""
    now = clock.now()
    names = sorted(item.field.name for item in shown)
    with writing_session(engine, LOG_LOCK_MS) as session:
        dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(ContactView).values(
            contact_request_id=request.id,
            organisation_id=request.organisation_id(other(viewer.side)),
            viewer_organisation_id=request.organisation_id(viewer.side),
            account_id=viewer.account_id,
            fields=names,
            fields_key=",".join(names),
            day=now.date(),
            first_at=now,
            last_at=now,
            times=1,
        )
        key = ["contact_request_id", "organisation_id", "account_id", "day", "fields_key"]
        again = {"last_at": now, "times": ContactView.times + 1}
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=again))
