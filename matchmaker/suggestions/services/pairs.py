"""Pairs that are not suggested: closed between two organisations, or hidden by one side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, clock
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import ClosedPair, Hidden, Side


def close_pair(
    session: Session,
    need: Need,
    offer: Offer,
    *,
    reason: str,
    until: datetime | None = None,
    whole_organisations: bool = False,
) -> ClosedPair:
    """Stop suggesting the need and the offering organisation to each other until a moment.

    With `whole_organisations` none of their other needs and offers meet either.
    """
    row = ClosedPair(
        need_organisation_id=need.organisation_id,
        offer_organisation_id=offer.organisation_id,
        need_id=None if whole_organisations else need.id,
        offer_id=None,
        until=until,
        reason=reason,
    )
    session.add(row)
    session.flush()
    changes.note(session, changes.ChangeKind.CLOSED_PAIR, row.id)
    return row


def close_organisations(
    session: Session, need_organisation_id: int, offer_organisation_id: int, *, reason: str
) -> ClosedPair:
    """Two organisations that know each other already: never suggested to each other."""
    row = ClosedPair(
        need_organisation_id=need_organisation_id,
        offer_organisation_id=offer_organisation_id,
        reason=reason,
    )
    session.add(row)
    session.flush()
    changes.note(session, changes.ChangeKind.CLOSED_PAIR, row.id)
    return row


def open_organisations(
    session: Session, need_organisation_id: int, offer_organisation_id: int, *, reason: str
) -> None:
    """Take back what was closed for good for this reason; the rows stay, as of the past."""
    opened = session.scalars(
        update(ClosedPair)
        .where(
            ClosedPair.need_organisation_id == need_organisation_id,
            ClosedPair.offer_organisation_id == offer_organisation_id,
            ClosedPair.reason == reason,
            ClosedPair.until.is_(None),
        )
        .values(until=clock.now())
        .returning(ClosedPair.id)
        .execution_options(synchronize_session=False)
    )
    for row_id in opened.all():
        changes.note(session, changes.ChangeKind.CLOSED_PAIR, row_id)


def pair_closed(session: Session, need: Need, offer: Offer) -> ClosedPair | None:
    """The row that closes this pair now, if any; contacts asks it under its own lock."""
    query = select(ClosedPair).where(
        ClosedPair.need_organisation_id == need.organisation_id,
        ClosedPair.offer_organisation_id == offer.organisation_id,
        or_(ClosedPair.need_id.is_(None), ClosedPair.need_id == need.id),
        or_(ClosedPair.offer_id.is_(None), ClosedPair.offer_id == offer.id),
        in_force(),
    )
    return session.scalars(query.limit(1)).first()


def in_force() -> ColumnElement[bool]:
    """Whether a closed pair is closed now."""
    return or_(ClosedPair.until.is_(None), ClosedPair.until > clock.now())


def hide(
    session: Session, need: Need, offer: Offer, side: Side, *, reason: str, account_id: int | None
) -> None:
    """'Not for me': the card goes from this side's lists; a second click changes the reason."""
    values = {"reason": reason, "account_id": account_id, "at": clock.now()}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Hidden).values(
        need_id=need.id, offer_id=offer.id, side=side, **values
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["need_id", "offer_id", "side"], set_=values)
    )


def show_again(session: Session, need: Need, offer: Offer, side: Side) -> bool:
    """Take 'not for me' back; False when it was not hidden."""
    row = hidden_row(session, need, offer, side)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def hidden_row(session: Session, need: Need, offer: Offer, side: Side) -> Hidden | None:
    query = select(Hidden).where(
        Hidden.need_id == need.id, Hidden.offer_id == offer.id, Hidden.side == side
    )
    return session.scalars(query).first()


def hidden_for(session: Session, rows: Iterable[Need | Offer]) -> list[Hidden]:
    """What each of these hid from its own lists, newest first."""
    query = select(Hidden).where(hidden_by(rows)).order_by(Hidden.at.desc())
    return list(session.scalars(query))


def hidden_by(rows: Iterable[Need | Offer]) -> ColumnElement[bool]:
    """Whether one of these hid it from its own lists."""
    rows = list(rows)
    needs = {row.id for row in rows if isinstance(row, Need)}
    offers = {row.id for row in rows if isinstance(row, Offer)}
    return or_(
        and_(Hidden.need_id.in_(needs), Hidden.side == Side.NEED),
        and_(Hidden.offer_id.in_(offers), Hidden.side == Side.OFFER),
    )


def forget_pairs_of(session: Session, organisation_ids: Iterable[int]) -> None:
    """For an erased organisation."""
    ids = list(organisation_ids)
    session.execute(
        delete(ClosedPair).where(
            or_(ClosedPair.need_organisation_id.in_(ids), ClosedPair.offer_organisation_id.in_(ids))
        )
    )
