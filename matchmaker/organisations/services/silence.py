"""Who lets request after request run out pauses itself, is told kindly, and comes back by a click.

Counted on the organisation's own row, so that a pause and an answer at the same moment take turns;
an answer always has the last word of what it found.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Organisation

#: Requests in a row that end without an answer before it is no longer suggested.
PAUSE_AFTER = 3


def note_missed(session: Session, organisation_id: int) -> bool:
    """Count a request that ran out; say whether the organisation pauses with it."""
    counted = Organisation.missed + 1
    _change(session, organisation_id, missed=counted)
    silent = Organisation.missed >= PAUSE_AFTER
    at_last = (silent, Organisation.silent_since.is_(None))
    if not _change(session, organisation_id, *at_last, silent_since=clock.now()):
        return False
    _record(session, "organisation.paused_itself", organisation_id, None)
    return True


def come_back(session: Session, organisation_id: int, account_id: int | None) -> bool:
    """By an answer or a click: suggested again at once; say whether it was paused."""
    paused = Organisation.silent_since.is_not(None)
    back = _change(session, organisation_id, paused, silent_since=None, missed=0)
    if back:
        _record(session, "organisation.came_back", organisation_id, account_id)
    else:
        _change(session, organisation_id, Organisation.missed > 0, missed=0)
    return back


def _change(
    session: Session, organisation_id: int, *conditions: ColumnElement[bool], **values: object
) -> bool:
    """Nothing that people wrote changes: version and last edit stay as they are."""
    done = session.scalar(
        update(Organisation)
        .where(Organisation.id == organisation_id, *conditions)
        .values(updated_at=Organisation.updated_at, **values)
        .returning(Organisation.id)
        .execution_options(synchronize_session="fetch")
    )
    if done is not None:
        changes.note(session, ChangeKind.ORGANISATION, organisation_id)
    return done is not None


def _record(session: Session, event: str, organisation_id: int, account_id: int | None) -> None:
    audit.record(
        session,
        event,
        account_id=account_id,
        subject="organisation",
        subject_id=organisation_id,
        organisation_id=organisation_id,
    )
