"""What somebody should do next, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker import tasks
from matchmaker.accounts.models import Account
from matchmaker.contacts.services.agenda import Due, Step, agenda
from matchmaker.organisations.clients import leads_to_clients
from matchmaker.organisations.models import (
    Membership,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
    SelfCheck,
)
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.ahead import Ahead, look_ahead
from matchmaker.suggestions.services.match import is_live
from matchmaker.tasks import Task

#: Needs or offers that are looked through for a draft or one that has ended.
LISTED = 10
#: Tasks of an introducer that the page names.
TASKS = 3
#: Offers of firms that are looked at: the page names one.
OFFERS = 50


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An open offer of an organisation whose needs the page speaks of."""

    public_id: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Mine:
    """The organisations of somebody, the oldest membership first, and what stands with them."""

    organisations: Sequence[Organisation]
    #: Ids of those that finished a self-check.
    checked: Collection[int] = ()
    #: Of firms that give something too, the newest first.
    offers: Sequence[OwnOffer] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that the first page is made of."""

    organisations: Sequence[Organisation]
    steps: Mapping[Due, Step]
    #: Own needs of a firm, own offers of a funder or provider, the newest first.
    rows: Sequence[Need] | Sequence[Offer] = ()
    ahead: Ahead | None = None
    tasks: Sequence[Task] = field(default_factory=list)
    checked: Collection[int] = ()
    offers: Sequence[OwnOffer] = ()

    @property
    def main(self) -> Organisation | None:
        """The one that the page speaks of: the oldest membership."""
        return self.organisations[0] if self.organisations else None


def agenda_of(session: Session, account: Account) -> Agenda:
    """Read it all; a newcomer has nothing but an account."""
    mine = _mine(session, account)
    organisations = mine.organisations
    if not organisations:
        return Agenda((), {})
    steps = agenda(session, account.id)
    given: Sequence[Task] = ()
    if any(one.is_introducer for one in organisations):
        given = tasks.given_to(session, _colleagues(account), limit=TASKS)
    ended = _ended(steps.get(Due.GO_ON))
    if all(map(leads_to_clients, organisations)):
        return Agenda(organisations, steps, ahead=look_ahead(session, (), ended), tasks=given)
    rows = _rows(session, organisations)
    ranked = [row for row in rows if is_live(row)]
    ahead = look_ahead(session, ranked, [one for one in ended if _same_side(one, ranked)])
    return Agenda(organisations, steps, rows, ahead, given, mine.checked, mine.offers)


def _ended(step: Step | None) -> list[Need | Offer]:
    """What the request was about that came to nothing: of a group or a client it is no row of
    one's own, and of many rows not always one of those that are ranked."""
    if step is None:
        return []
    request = step.request
    row: Need | Offer = request.need if request.asked_by is Side.NEED else request.offer
    open_now = row.state is PublicationState.PUBLISHED and row.organisation.is_published
    return [row] if open_now else []


def _same_side(row: Need | Offer, rows: Sequence[Need | Offer]) -> bool:
    return not rows or isinstance(row, Need) is isinstance(rows[0], Need)


def _mine(session: Session, account: Account) -> Mine:
    """In one query: the page has none to spare."""
    check, offer = aliased(SelfCheck), aliased(Offer)
    checked = exists().where(check.organisation_id == Organisation.id, check.day.is_not(None))
    gives = and_(
        offer.organisation_id == Organisation.id,
        offer.state == PublicationState.PUBLISHED,
        Organisation.is_firm.is_(True),
    )
    query = (
        select(Organisation, checked, offer.public_id, offer.title, offer.lang)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .outerjoin(offer, gives)
        .where(Membership.account_id == account.id)
        .order_by(Membership.id, offer.id.desc())
        .limit(OFFERS)
    )
    rows = session.execute(query).all()
    found = dict.fromkeys(row[0] for row in rows)
    return Mine(
        list(found),
        {row[0].id for row in rows if row[1]},
        [OwnOffer(row[2], row[3], row[4]) for row in rows if row[2]],
    )


def _colleagues(account: Account) -> Select[int]:
    """Everybody of this person's introducers: what is given to one of them is for all to see."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account.id)
    introducers = select(Organisation.id).where(
        Organisation.id.in_(mine),
        Organisation.is_introducer.is_(True),
        Organisation.state == OrganisationState.PUBLISHED,
    )
    return select(Membership.account_id).where(Membership.organisation_id.in_(introducers))


def _rows(session: Session, organisations: Sequence[Organisation]) -> list[Need] | list[Offer]:
    """Needs of those who are firms too, else offers: one side a page."""
    ids = [one.id for one in organisations]
    if any(one.is_firm for one in organisations):
        needs = select(Need).where(
            Need.organisation_id.in_(ids), Need.state != PublicationState.CLOSED
        )
        parts = joinedload(Need.organisation).joinedload(Organisation.facts)
        query = needs.options(parts).order_by(Need.id.desc()).limit(LISTED)
        return list(session.scalars(query).unique())
    offers = select(Offer).where(
        Offer.organisation_id.in_(ids), Offer.state != PublicationState.CLOSED
    )
    whole = offers.options(joinedload(Offer.organisation), joinedload(Offer.criteria))
    return list(session.scalars(whole.order_by(Offer.id.desc()).limit(LISTED)).unique())


def task_given(session: Session, account: Account, public_id: str) -> Task | None:
    """An open task that is in the hands of this person or of a colleague at an introducer."""
    return tasks.find_given(session, _colleagues(account), public_id)
