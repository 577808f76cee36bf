"""Making and editing needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Kind, Need, Organisation
from matchmaker.organisations.services import publication
from matchmaker.organisations.services.money import band_need
from matchmaker.organisations.services.values import assign, check_version, one_writer, sent_twice

EDITABLE = frozenset(
    {
        "code",
        "purpose",
        "amount_minor",
        "currency",
        "needed_by",
        "title",
        "text",
        "lang",
        "policy",
        "struck_concepts",
    }
)
IMPORTED = frozenset({"source", "source_key", "attributes"})


def create_need(
    session: Session,
    organisation: Organisation,
    by: int | None,
    *,
    kind: Kind | str,
    ready: bool = True,
    **values: Any,
) -> Need:
    """Make a need; when its owner is done with it, it goes out as soon as the organisation is."""
    twice = sent_twice(session, Need, organisation, kind, values.get("title", ""))
    if twice is not None:
        return twice
    need = drafted_need(organisation, kind, ready, **values)
    session.add(need)
    session.flush()
    _record(session, "need.created", by, need)
    if ready:
        publication.publish(session, need, by)
    return need


def drafted_need(organisation: Organisation, kind: Kind | str, ready: bool, **values: Any) -> Need:
    """A need with its band that is not in the database yet."""
    need = Need(organisation=organisation, kind=Kind(kind), ready=ready, currency="USD")
    assign(need, values, EDITABLE | IMPORTED)
    band_need(need, clock.today())
    return need


@one_writer
def update_need(
    session: Session,
    need: Need,
    by: int | None,
    *,
    version: int | None = None,
    ready: bool | None = None,
    **values: Any,
) -> Need:
    """Save what changed; an edit is a sign of life. Raises StaleVersion for an older form."""
    check_version(need, version)
    changed = assign(need, values, EDITABLE | IMPORTED)
    if changed & {"amount_minor", "currency"}:
        band_need(need, clock.today())
    if ready is not None:
        need.ready = ready
    publication.edited(need)
    session.flush()
    if changed:
        _record(session, "need.changed", by, need)
        publication.settle(session, need, by)
    if need.ready:
        publication.publish(session, need, by)
    return need


def _record(session: Session, event: str, by: int | None, need: Need) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="need",
        subject_id=need.id,
        organisation_id=need.organisation_id,
    )
    changes.note(session, ChangeKind.NEED, need.id)
