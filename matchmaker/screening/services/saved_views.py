"""Keeping views: saving, changing and removing them, and who is mailed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.errors import MatchmakerError, StaleVersion
from matchmaker.extensions import clock, transactions
from matchmaker.organisations.models import Offer, Organisation
from matchmaker.organisations.services.values import TWICE_WITHIN
from matchmaker.screening.models import MOST_VIEWS, SavedView, ViewDigest, ViewMail, ViewOrder

#: One mail to a person in this time, over all views.
PERIOD = timedelta(days=7)


class TooManyViewsError(MatchmakerError):
    """The organisation has as many views as it may keep."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a view holds."""

    name: str
    filters: dict[str, Any]
    order: ViewOrder
    columns: Sequence[str]

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "filters": self.filters,
            "order": self.order,
            "columns": list(self.columns),
        }


def views_of(session: Session, organisation_id: int) -> list[SavedView]:
    """All of an organisation; their number is limited."""
    query = (
        select(SavedView)
        .where(SavedView.organisation_id == organisation_id)
        .options(joinedload(SavedView.offer))
        .order_by(SavedView.slot)
    )
    return list(session.scalars(query))


def view_by(public_id: str) -> Select[SavedView]:
    """A view with whose it is, its offer and the offer's rules, in one query."""
    return (
        select(SavedView)
        .where(SavedView.public_id == public_id)
        .options(joinedload(SavedView.organisation))
        .options(joinedload(SavedView.offer).joinedload(Offer.criteria))
    )


def save(session: Session, offer: Offer, account_id: int, draft: Draft) -> SavedView:
    """Keep a new view of an offer; an impatient second press keeps no second one.

    TooManyViewsError when all places are taken.
    """
    organisation_id = offer.organisation_id
    transactions.held(session, Organisation, organisation_id)
    just_now = select(SavedView).where(SavedView.created_at > clock.now() - TWICE_WITHIN)
    same = just_now.filter_by(offer_id=offer.id, created_by_id=account_id, name=draft.name)
    for found in session.scalars(same):
        if all(getattr(found, key) == value for key, value in draft.values().items()):
            return found
    own = select(SavedView.slot).where(SavedView.organisation_id == organisation_id)
    taken = set(session.scalars(own))
    for slot in sorted(set(range(1, MOST_VIEWS + 1)) - taken):
        values = {
            "organisation_id": organisation_id,
            "slot": slot,
            "offer_id": offer.id,
            "created_by_id": account_id,
            "updated_by_id": account_id,
        }
        view_id = _insert_once(session, SavedView, SavedView.id, values | draft.values())
        if view_id is not None:
            view = session.get_one(SavedView, view_id)
            _record(session, "view.saved", view, account_id)
            return view
    raise TooManyViewsError


def change(
    session: Session, view: SavedView, account_id: int, version: int | None, draft: Draft
) -> None:
    """Put a draft in the place of what was opened at ``version``; StaleVersion if that is gone."""
    changed = session.execute(
        update(SavedView)
        .where(SavedView.id == view.id, SavedView.version == version)
        .values(version=SavedView.version + 1, updated_by_id=account_id, **draft.values())
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise StaleVersion
    session.refresh(view)
    _record(session, "view.changed", view, account_id)


def remove(session: Session, view: SavedView, account_id: int) -> bool:
    """Remove it for all colleagues, with its mails; False when another was first."""
    _record(session, "view.removed", view, account_id)
    gone = session.execute(
        delete(SavedView)
        .where(SavedView.id == view.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(view)
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def mail_of(session: Session, view: SavedView, account_id: int) -> int | None:
    """From how many points on this person is told of new firms; None for no mail."""
    return session.scalar(
        select(ViewMail.least).where(ViewMail.view_id == view.id, ViewMail.account_id == account_id)
    )


def mails_of(session: Session, account_id: int, views: Sequence[SavedView]) -> dict[int, int]:
    """The same for several views, by their ids."""
    query = select(ViewMail.view_id, ViewMail.least).where(
        ViewMail.account_id == account_id, ViewMail.view_id.in_([view.id for view in views])
    )
    return {row.view_id: row.least for row in session.execute(query)}


def set_mail(session: Session, view: SavedView, account_id: int, least: int | None) -> None:
    """Switch one person's mail of a view on from so many points, or off."""
    mine = (ViewMail.view_id == view.id, ViewMail.account_id == account_id)
    if least is None:
        session.execute(delete(ViewMail).where(*mine))
        return
    values = {"view_id": view.id, "account_id": account_id, "least": least}
    if _insert_once(session, ViewMail, ViewMail.view_id, values) is None:
        session.execute(update(ViewMail).where(*mine).values(least=least))
    now = clock.now()
    digest = {"account_id": account_id, "due_at": now + PERIOD, "through": now}
    added = _dialect(session).insert(ViewDigest).values(**digest)
    # Changes nothing, but holds the row against `forget_unwanted` until the mail can be seen.
    kept = {"account_id": added.excluded.account_id}
    session.execute(added.on_conflict_do_update(index_elements=["account_id"], set_=kept))


def _insert_once(session: Session, model: Any, key: Any, values: dict[str, Any]) -> int | None:
    """Insert a row and give its key; None where another row has its place."""
    statement = (
        _dialect(session).insert(model).values(**values).on_conflict_do_nothing().returning(key)
    )
    found: int | None = session.scalar(statement)
    return found


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


def _record(session: Session, event: str, view: SavedView, account_id: int) -> None:
    audit.record(
        session,
        event,
        account_id=account_id,
        subject="saved_view",
        subject_id=view.id,
        organisation_id=view.organisation_id,
    )
