"""How needs and offers are published, paused, renewed, closed and expire.

Every step is an UPDATE that names the state it starts from, so that of two people who press at
once one is told that the row has moved on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Consent, Purpose
from matchmaker.errors import WrongState
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Membership,
    MembershipRole,
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.organisations.services.consortium_moves import add_up, lock
from matchmaker.organisations.services.consortium_standing import standing
from matchmaker.organisations.services.consortium_telling import tell
from matchmaker.organisations.services.errors import NoConsentError
from matchmaker.organisations.services.people import speaking
from matchmaker.vocabulary.reasons import CLOSE_REASONS

Listing = Need | Offer

#: Without a sign of life for so long a need or an offer expires.
LIFETIME = timedelta(days=90)
#: Its owner is told this long before.
NOTICE = timedelta(days=7)

#: What other rooms do when a need or an offer is closed.
closed: list[Callable[[Session, Listing, int | None], None]] = []

_OPEN = (PublicationState.PUBLISHED, PublicationState.PAUSED, PublicationState.EXPIRED)


def kind_of(row: Listing) -> ChangeKind:
    return ChangeKind.NEED if isinstance(row, Need) else ChangeKind.OFFER


def publish(session: Session, row: Listing, by: int | None) -> bool:
    """Let a draft out if its organisation is published; say whether it is."""
    if row.state is not PublicationState.DRAFT or not row.organisation.is_published:
        return row.state is PublicationState.PUBLISHED
    if lacks_consent(session, row.organisation) or falls_short(session, row):
        return False
    _let_out(session, row, by)
    return True


def _let_out(session: Session, row: Listing, by: int | None) -> None:
    move(session, row, by, (PublicationState.DRAFT,), PublicationState.PUBLISHED, out_now())


def out_now() -> dict[str, Any]:
    """What stands on a need or an offer from the moment it goes out."""
    now = clock.now()
    return {"ready": True, "published_at": now, "expires_at": now + LIFETIME}


def publish_waiting(session: Session, organisation: Organisation, by: int | None) -> None:
    """When an organisation is published, what its owner has finished goes out with it."""
    if not organisation.is_published or lacks_consent(session, organisation):
        return
    for row in _listings(organisation):
        waits = row.ready and row.state is PublicationState.DRAFT
        if waits and not falls_short(session, row):
            _let_out(session, row, by)


def pause_all(session: Session, organisation: Organisation, by: int | None) -> None:
    for row in _listings(organisation):
        if row.state is PublicationState.PUBLISHED:
            pause(session, row, by)


def _listings(organisation: Organisation) -> list[Listing]:
    return [*organisation.needs, *organisation.offers]


def lacks_consent(session: Session, organisation: Organisation) -> bool:
    """Whether it has owners and none of them agreed to be matched.

    What nobody owns came in by an import or an introducer, whose consent is recorded elsewhere.
    A group of firms has the owners of the firm that coordinates it.
    """
    agreed = exists().where(
        Consent.account_id == Membership.account_id,
        Consent.purpose == Purpose.MATCHING,
        Consent.withdrawn_at.is_(None),
    )
    owners = select(agreed).where(
        speaking(Membership.organisation_id, organisation.id),
        Membership.role == MembershipRole.OWNER,
    )
    answers = session.scalars(owners).all()
    return bool(answers) and not any(answers)


def falls_short(session: Session, row: Listing) -> bool:
    """Whether a group of firms may not let it out: not what they ask for together, or not enough.

    Asked wherever something goes out: whatever the way there, a group asks when it reaches.
    """
    query = select(Consortium).where(Consortium.organisation_id == row.organisation_id)
    group = session.scalar(query)
    if group is None:
        return False
    asks = isinstance(row, Need) and row.id == group.need_id and group.ended_at is None
    return not (asks and group.coordinator.is_published and standing(session, group).reached)


def edited(row: Listing) -> None:
    """An edit shows that somebody is there: the days to expiry start again."""
    if row.state is PublicationState.PUBLISHED:
        row.expires_at, row.notice_at = clock.now() + LIFETIME, None


def pause(session: Session, row: Listing, by: int | None) -> None:
    move(session, row, by, (PublicationState.PUBLISHED,), PublicationState.PAUSED)


def renew(session: Session, row: Listing, by: int | None) -> None:
    """Another 90 days, from published, paused or expired."""
    if not row.organisation.is_published:
        raise WrongState
    if lacks_consent(session, row.organisation):
        raise NoConsentError
    if falls_short(session, row):
        raise WrongState
    values = {"expires_at": clock.now() + LIFETIME, "notice_at": None}
    move(session, row, by, _OPEN, PublicationState.PUBLISHED, values)


def close(session: Session, row: Listing, by: int | None, reason: str) -> None:
    """It is answered here, elsewhere, or given up; this cannot be undone."""
    if reason not in CLOSE_REASONS:
        raise ValueError(f"not a reason to close: {reason}")
    values = {"closed_at": clock.now(), "close_reason": reason}
    states = (*_OPEN, PublicationState.DRAFT)
    move(session, row, by, states, PublicationState.CLOSED, values, code=reason)
    for step in closed:
        step(session, row, by)


def move(
    session: Session,
    row: Listing,
    by: int | None,
    allowed: Collection[PublicationState],
    to: PublicationState,
    values: Mapping[str, Any] | None = None,
    *,
    code: str = "",
) -> None:
    """Step from one of the allowed states, or raise WrongState."""
    model: type[Listing] = type(row)
    done = session.scalar(
        update(model)
        .where(model.id == row.id, model.state.in_(allowed))
        .values(state=to, **(values or {}))
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if done is None:
        raise WrongState
    kind = kind_of(row)
    audit.record(
        session,
        f"{kind}.{to}",
        account_id=by,
        subject=str(kind),
        subject_id=row.id,
        organisation_id=row.organisation_id,
        code=code,
    )
    changes.note(session, kind, row.id)
    if isinstance(row, Need):
        settle(session, row, by)


def settle(session: Session, need: Need, by: int | None) -> None:
    """A need has changed: the group that it counts in, if any, stands on its sum of now."""
    joined = (ConsortiumFirm.need_id == need.id, ConsortiumFirm.state == FirmState.JOINED)
    query = select(Consortium).join(ConsortiumFirm, ConsortiumFirm.consortium_id == Consortium.id)
    group = session.scalar(query.where(*joined))
    if group is not None and settle_group(session, group, by):
        tell(session, group, "group.paused", [group.coordinator_id])


def settle_of(session: Session, organisation: Organisation, by: int | None) -> None:
    """The organisation goes out of sight or comes back: so does what it brings to groups."""
    for need in organisation.needs:
        settle(session, need, by)


def settle_group(session: Session, group: Consortium, by: int | None) -> bool:
    """Add up again; where it may ask no longer its need rests. Gives whether it went to rest."""
    try:
        group = lock(session, group)
    except WrongState:
        return False
    add_up(session, group)
    need = group.need
    if need.state is not PublicationState.PUBLISHED:
        return False
    if not (lacks_consent(session, need.organisation) or falls_short(session, need)):
        return False
    pause(session, need, by)
    return True
