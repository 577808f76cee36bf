"""One mail a week to a person at most, of new firms in all their views; none when none is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import Session, joinedload

from matchmaker import notifications
from matchmaker.accounts.models import Account
from matchmaker.contacts.services.telling import recipient
from matchmaker.extensions import clock
from matchmaker.matching.index import Filters
from matchmaker.organisations.models import Membership, Offer
from matchmaker.screening.models import SavedView, ViewDigest, ViewMail
from matchmaker.screening.services.saved_views import PERIOD
from matchmaker.suggestions.need_filters import need_filters
from matchmaker.suggestions.services.match import is_live
from matchmaker.suggestions.services.newcomers import newcomers

KIND = "views.new_firms"
#: The points from which on a mail can tell of a firm.
LEASTS = (50, 60, 70, 80)
LOOKED_BACK = timedelta(days=30)
#: What is being published just now is told of next time: its hour may be written down already
#: while others cannot see it yet.
SETTLED = timedelta(hours=1)
PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A person whose mail is due, as the row stood when it was looked at."""

    account_id: int
    due_at: datetime
    through: datetime


@dataclass(frozen=True, slots=True)
class New:
    """How many new firms a view has for somebody."""

    name: str
    organisation: str
    view: str
    firms: int


def would_have(session: Session, offer: Offer, filters: Filters) -> dict[int, int]:
    """How many firms of the last 30 days a mail would have told of, by the points asked for."""
    if not offer.organisation.is_published:
        return dict.fromkeys(LEASTS, 0)
    now = clock.now()
    [found] = newcomers(session, [(offer, filters)], now - LOOKED_BACK, now)
    return {least: found.firms(least) for least in LEASTS}


def due(session: Session) -> list[Due]:
    query = (
        select(ViewDigest.account_id, ViewDigest.due_at, ViewDigest.through)
        .where(ViewDigest.due_at <= clock.now())
        .order_by(ViewDigest.due_at)
        .limit(PEOPLE)
    )
    return [Due(*row) for row in session.execute(query)]


def look(session: Session, one: Due, until: datetime) -> list[New]:
    """What is new for a person in the views they asked for and still may see."""
    member = exists().where(
        Membership.account_id == one.account_id,
        Membership.organisation_id == SavedView.organisation_id,
    )
    query = (
        select(SavedView, ViewMail)
        .join(ViewMail, and_(ViewMail.view_id == SavedView.id))
        .where(ViewMail.account_id == one.account_id, member)
        .options(joinedload(SavedView.organisation))
        .options(joinedload(SavedView.offer).joinedload(Offer.criteria))
        .order_by(SavedView.organisation_id, SavedView.slot)
    )
    found = []
    for view, mail in session.execute(query).unique():
        firms = _new_firms(session, view, mail, max(one.through, mail.since), until)
        if firms:
            found.append(New(view.name, view.organisation.public_id, view.public_id, firms))
    return found


def _new_firms(
    session: Session, view: SavedView, mail: ViewMail, since: datetime, until: datetime
) -> int:
    """None for an offer that nobody can ask for at present."""
    if not is_live(view.offer) or since >= until:
        return 0
    [found] = newcomers(session, [(view.offer, need_filters(view.filters))], since, until)
    return found.firms(mail.least)


def tell(session: Session, one: Due, until: datetime, new: Sequence[New]) -> bool:
    """Queue the mail and set the next week; False when another runner did, or nothing is new."""
    claimed = session.execute(
        update(ViewDigest)
        .where(ViewDigest.account_id == one.account_id, ViewDigest.due_at == one.due_at)
        .values(due_at=clock.now() + PERIOD, through=max(until, one.through))
        .execution_options(synchronize_session=False)
    )
    account = session.get(Account, one.account_id)
    if not claimed.rowcount or not new or account is None or not account.active:  # type: ignore[attr-defined]
        return False
    facts = _facts([each.organisation for each in new], [_line(each) for each in new])
    notifications.queue(session, recipient(account), KIND, facts)
    return True


def _line(one: New) -> str:
    """Plain in every language: a name, a number, and where to look. No firm is named."""
    path = notifications.path_to(
        "screening.saved_view", public_id=one.organisation, view_id=one.view
    )
    return f"{one.name}: {one.firms}\n  {current_app.config['BASE_URL']}{path}"


def _facts(desks: Sequence[str], lines: Sequence[str]) -> dict[str, Any]:
    """Lines with whose each is; of one desk they lead to its views, else to the first page.

    Leaving a desk calls off what leads there, so that lines of others must not.
    """
    if len(set(desks)) == 1:
        path = notifications.path_to("screening.saved_views", public_id=desks[0])
    else:
        path = notifications.path_to("home.start")
    return {"lines": list(lines), "desks": list(desks), "path": path}


def call_off(session: Session, account_id: int, organisation_id: str) -> None:
    """Somebody has left an organisation: what was not read yet tells of other desks alone."""

    def left(facts: Mapping[str, Any]) -> dict[str, Any] | None:
        pairs = zip(facts.get("desks", ()), facts.get("lines", ()), strict=True)
        kept = [(desk, line) for desk, line in pairs if desk != organisation_id]
        return _facts(*zip(*kept, strict=True)) if kept else None

    notifications.amend(session, account_id, KIND, left)


def forget_unwanted(session: Session) -> None:
    """A person without any such mail has no week to keep.

    Somebody may ask for one just now: held first, the rows are looked at again by a second
    statement, which sees what was written while the first one waited.
    """
    unwanted = ViewDigest.account_id.not_in(select(ViewMail.account_id))
    held = select(ViewDigest.account_id).where(unwanted).order_by(ViewDigest.account_id)
    ids = session.scalars(held.limit(PEOPLE).with_for_update()).all()
    session.execute(delete(ViewDigest).where(ViewDigest.account_id.in_(ids), unwanted))


__all__ = [
    "KIND",
    "LEASTS",
    "Due",
    "New",
    "call_off",
    "due",
    "forget_unwanted",
    "look",
    "tell",
    "would_have",
]
